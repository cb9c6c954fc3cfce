import ArgumentParser
import HTTPTypes
import JSON

struct ArtifactDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Set the description of an artifact's version.",
        discussion: """
            Examples:
              packager artifact describe wine.zip "trained on the 2026 harvest"
              packager artifact describe wine.zip@1 ""
            """
    )

    @OptionGroup var artifact: ArtifactName

    @Argument(help: "The description; an empty one takes it away.")
    var description: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let change: JSONValue = ["description": description.isEmpty ? .null : .string(description)]
        let info = try await APIClient(server).call(.patch, artifact.path, body: change)
        print("\(info.artifactReference ?? artifact.name): \(description.isEmpty ? "no description" : description)")
    }
}

struct ArtifactDefault: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "default",
        abstract: "Choose the version that an artifact's name alone means.",
        discussion: "Example: packager artifact default wine.zip@1"
    )

    @Argument(help: "The version: NAME@VERSION.")
    var version: String

    @OptionGroup var server: ServerOptions

    /// Name and number; nil for a text that names no version.
    private var parts: (name: Substring, number: Int64)? {
        guard let separator = version.lastIndex(of: "@"), separator > version.startIndex,
            let number = Int64(version[version.index(after: separator)...]), number > 0
        else { return nil }
        return (version[..<separator], number)
    }

    func validate() throws {
        guard parts == nil else { return }
        throw ValidationError("\"\(version)\" names no version; say which, as in: \(version)@1")
    }

    func run() async throws {
        guard let (name, number) = parts else { return }
        let path = "/artifact/\(String(name).percentEncoded)"
        _ = try await APIClient(server).call(.patch, path, body: ["defaultVersion": .integer(number)])
        print("\(name) is version \(number)")
    }
}

struct ArtifactDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an artifact with all its versions, or one of them; what a packaging needs is refused.",
        discussion: """
            Examples:
              packager artifact delete wine.zip@1
              packager artifact delete wine.zip --ignore-not-found
            """,
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

extension JSONValue {
    /// An artifact's version as it is named: `wine.zip@2`.
    var artifactReference: String? {
        guard let name = self["name"]?.stringValue else { return nil }
        return self["version"]?.integerValue.map { "\(name)@\($0)" } ?? name
    }
}
