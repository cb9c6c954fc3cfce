import ArgumentParser
import JSON

/// `packager artifact …`: trained models on a server.
struct ArtifactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifact",
        abstract:
            "Upload, list, describe, download and delete artifacts on a server, and choose between their versions.",
        discussion: """
            Each upload under a name is a version of its own. The name alone, wine.zip, means the default version, which is \
            the one uploaded last unless another was chosen; wine.zip@2 means the second, here and in a packaging's \
            spec.artifactName.

            Examples:
              packager artifact upload wine.zip
              packager artifact info wine.zip
            """,
        subcommands: [
            ArtifactUpload.self, ArtifactList.self, ArtifactInfoCommand.self, ArtifactVersions.self,
            ArtifactDefault.self, ArtifactDescribe.self, ArtifactDownload.self, ArtifactDelete.self,
        ],
        aliases: ["art"]
    )

    @OptionGroup var server: ServerOptions
}

struct ArtifactName: ParsableArguments {
    @Argument(help: "The artifact: NAME, or NAME@VERSION.")
    var name: String

    var path: String { "/artifact/\(name.percentEncoded)" }
}

/// What tables say of artifacts.
enum ArtifactColumns {
    static var artifacts: [Table.Column] {
        [
            .init("NAME") { $0["name"]?.stringValue },
            .init("VERSION") { $0["version"]?.integerValue.map { "\($0)" } },
            .init("OF") { $0["versions"]?.arrayValue.map { "\($0.count)" } },
            .init("SIZE") { $0["size"]?.integerValue?.humanSize },
            .init("KIND") { $0["kind"]?.stringValue },
            .init("CREATED") { $0["createdAt"]?.stringValue },
            .init("DESCRIPTION") { $0["description"]?.stringValue },
        ]
    }

    static var versions: [Table.Column] {
        [
            .init("VERSION") { $0["version"]?.integerValue.map { "\($0)" } },
            .init("DEFAULT") { $0["version"] == $0["defaultVersion"] ? "yes" : "no" },
            .init("SIZE") { $0["size"]?.integerValue?.humanSize },
            .init("KIND") { $0["kind"]?.stringValue },
            .init("CREATED") { $0["createdAt"]?.stringValue },
            .init("DESCRIPTION") { $0["description"]?.stringValue },
            .init("DIGEST") { $0["digest"]?.stringValue },
        ]
    }
}
