import ArgumentParser

/// `packager artifact …`: trained models on a server.
struct ArtifactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifact",
        abstract: "Upload, list, describe, download and delete artifacts on a server.",
        subcommands: [
            ArtifactUpload.self, ArtifactList.self, ArtifactGet.self, ArtifactDownload.self, ArtifactDescribe.self,
            ArtifactDelete.self,
        ],
        aliases: ["art"]
    )

    @OptionGroup var server: ServerOptions
}

struct ArtifactName: ParsableArguments {
    @Argument(help: "The artifact's name.")
    var name: String

    var path: String { "/artifact/\(name.percentEncoded)" }
}
