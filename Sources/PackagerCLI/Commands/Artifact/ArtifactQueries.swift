import ArgumentParser
import HTTPTypes
import JSON

struct ArtifactList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the artifacts of a server.",
        aliases: ["ls"]
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let artifacts = try await APIClient(server).call(.get, "/artifact").arrayValue ?? []
        print(try output.output.render(artifacts, columns: Self.columns))
    }

    static var columns: [Table.Column] {
        [
            .init("NAME") { $0["name"]?.stringValue },
            .init("SIZE") { $0["size"]?.integerValue?.humanSize },
            .init("KIND") { ($0["kind"] ?? $0["model"]?["kind"])?.stringValue },
            .init("CREATED") { $0["createdAt"]?.stringValue },
            .init("DESCRIPTION") { $0["description"]?.stringValue },
        ]
    }
}

struct ArtifactGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show one artifact: its digest, and the model that was found in it.",
        discussion: "Example: packager artifact get wine.zip -o yaml"
    )

    @OptionGroup var artifact: ArtifactName
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let info = try await APIClient(server).call(.get, artifact.path)
        print(try output.output.render([info], columns: ArtifactList.columns))
    }
}

struct ArtifactDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Set the description of an artifact.",
        discussion: "Example: packager artifact describe wine.zip \"trained on the 2026 harvest\""
    )

    @OptionGroup var artifact: ArtifactName

    @Argument(help: "The description.")
    var description: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await APIClient(server).call(.patch, artifact.path, body: ["description": .string(description)])
        print("\(artifact.name): \(description)")
    }
}

struct ArtifactDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an artifact; one that a packaging waits for is refused.",
        aliases: ["rm"]
    )

    @OptionGroup var artifact: ArtifactName

    @Flag(name: .long, help: "One that is not there is a success, too.")
    var ignoreNotFound = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        do {
            let answer = try await APIClient(server).call(.delete, artifact.path)
            print(answer["message"]?.stringValue ?? "Artifact \(artifact.name) was deleted")
        } catch let error as APIError where error.status == 404 && ignoreNotFound {
            print("Artifact \(artifact.name) was not found. Ignore")
        }
    }
}
