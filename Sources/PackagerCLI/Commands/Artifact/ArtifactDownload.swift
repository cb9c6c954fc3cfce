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
        discussion: "Example: packager artifact download wine.zip --to ./models/"
    )

    @OptionGroup var artifact: ArtifactName

    @Option(
        name: .long,
        help: "The file to write, or a directory. Default: the artifact's name, here.",
        completion: .file()
    )
    var to: String?

    @Flag(name: .long, help: "Replace a file that is there.")
    var force = false

    @OptionGroup var general: GeneralOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var target = FilePath(to ?? artifact.name)
        if target.isDirectory { target.append(artifact.name) }
        guard force || !target.exists else { throw CommandError("\(target) is there already; replace it with --force") }
        let client = try APIClient(server)
        let info = try await client.call(.get, artifact.path)
        let digest = info["digest"]?.stringValue.flatMap { $0.hasPrefix("sha256:") ? String($0.dropFirst(7)) : nil }
        let size = info["size"]?.integerValue
        let progress = ProgressDisplay.download("downloading \(artifact.name)", total: size, general)
        let file = try await progress.during { [artifact, target] in
            try await client.http.download(
                client.request(.get, artifact.path + "/content"),
                to: target,
                expectedSize: size,
                expectedSHA256: digest
            )
        }
        print("\(target) \(file.size.humanSize)")
    }
}
