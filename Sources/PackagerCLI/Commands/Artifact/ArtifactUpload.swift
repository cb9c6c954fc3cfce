import ArgumentParser
import FileSystem
import HTTPTypes
import JSON
import SystemPackage
import Transfer

struct ArtifactUpload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Upload an artifact; one of the same name gets a new version.",
        discussion: """
            Examples:
              packager artifact upload wine.zip
              packager artifact upload ./out/model.tar.gz --name wine.zip --description "second harvest"
              packager artifact upload candidate.zip --name wine.zip --no-default
            """
    )

    @Argument(help: "The file: a zip, a tar (also compressed) or a single model file.", completion: .file())
    var file: String

    @Option(name: .long, help: "The artifact's name. Default: the file's.")
    var name: String?

    @Option(name: .long, help: "What it is.")
    var description: String?

    @Flag(inversion: .prefixedNo, help: "Let the name alone mean this version from now on.")
    var `default` = true

    @OptionGroup var output: OptionalOutputOptions
    @OptionGroup var general: GeneralOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = FilePath(file)
        guard let identity = try? FileIdentity(of: path) else { throw CommandError("there is no file \(file)") }
        guard identity.isRegularFile else {
            throw CommandError("\(file) is no file; pack a directory first: tar -czf model.tar.gz -C \(file) .")
        }
        let name = name ?? path.lastComponent?.string ?? file
        let client = try APIClient(server)
        let query = "?default=\(`default`)" + (description.map { "&description=\($0.percentEncoded)" } ?? "")
        var request = client.request(.put, "/artifact/\(name.percentEncoded)\(query)")
        request.headers[.contentType] = "application/octet-stream"
        request.body = .file(path, offset: 0, length: identity.size)
        let progress = ProgressDisplay.upload("uploading \(name)", total: identity.size, general)
        let info = try await progress.during { [request] in try await client.answer(to: request) }
        if let format = output.output {
            print(try format.render([info], columns: ArtifactColumns.artifacts))
        } else {
            print("\(info.artifactReference ?? name) \(info["digest"]?.stringValue ?? "")")
        }
    }
}
