import ArgumentParser
import FileSystem
import HTTPTypes
import JSON
import SystemPackage
import Transfer

struct ArtifactDownload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Download an artifact; the file is there whole and verified, or not at all.",
        discussion: """
            Examples:
              packager artifact download wine.zip --to ./models/
              packager artifact download wine.zip@1 --to wine-before.zip
            """
    )

    @OptionGroup var artifact: ArtifactName

    @Option(
        name: .long,
        help: "The file to write, or a directory. Default: the artifact's name without the version, here.",
        completion: .file()
    )
    var to: String?

    @Flag(name: .long, help: "Replace a file that is there.")
    var force = false

    @OptionGroup var general: GeneralOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try APIClient(server)
        let info = try await client.call(.get, artifact.path)
        let name = info["name"]?.stringValue ?? artifact.name
        // It comes from the server, and may lead nowhere else.
        guard let file = FilePath.Component(name), file.kind == .regular else {
            throw CommandError("\(name) cannot be the name of a file; say where the artifact goes with --to")
        }
        var target = to.map { FilePath($0) } ?? FilePath(root: nil, [file])
        if target.isDirectory { target.append(file) }
        guard force || !target.exists else { throw CommandError("\(target) is there already; replace it with --force") }
        let digest = info["digest"]?.stringValue.flatMap { $0.hasPrefix("sha256:") ? String($0.dropFirst(7)) : nil }
        let size = info["size"]?.integerValue
        // What the name alone means may change meanwhile.
        let path = "/artifact/\((info.artifactReference ?? artifact.name).percentEncoded)/content"
        let progress = ProgressDisplay.download("downloading \(artifact.name)", total: size, general)
        let downloaded = try await progress.during { [target] in
            try await client.http.download(
                client.request(.get, path),
                to: target,
                expectedSize: size,
                expectedSHA256: digest
            )
        }
        print("\(target) \(downloaded.size.humanSize)")
    }
}
