import ArgumentParser
import HTTPTypes
import JSON

struct ArtifactList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the artifacts of a server, each as its default version is.",
        discussion: """
            Examples:
              packager artifact list
              packager artifact list -o 'jsonpath=[*].name'
            """,
        aliases: ["ls"]
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let artifacts = try await APIClient(server).call(.get, "/artifact").arrayValue ?? []
        print(try output.output.render(artifacts, columns: ArtifactColumns.artifacts))
    }
}

struct ArtifactInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show one artifact: its digest, its versions, and the model that was found in it.",
        discussion: """
            Examples:
              packager artifact info wine.zip
              packager artifact info wine.zip@1 -o yaml
            """,
        aliases: ["get"]
    )

    @OptionGroup var artifact: ArtifactName
    @OptionGroup var output: OptionalOutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let info = try await APIClient(server).call(.get, artifact.path)
        if let format = output.output {
            print(try format.render([info], columns: ArtifactColumns.artifacts))
        } else {
            print(ArtifactSheet(info).text)
        }
    }
}

struct ArtifactVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of an artifact.",
        discussion: "Example: packager artifact versions wine.zip"
    )

    @Argument(help: "The artifact's name.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let versions = try await APIClient(server).call(.get, "/artifact/\(name.percentEncoded)/versions")
        print(try output.output.render(versions.arrayValue ?? [], columns: ArtifactColumns.versions))
    }
}
