import ArgumentParser
import JSON
import PackagerCore
import SystemPackage

struct PackCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a packaging from a manifest, or rerun the one that has its id.",
        discussion: "Example: packager pack create -f pack.yaml --wait"
    )

    @Option(name: [.customShort("f"), .long], help: "The manifest, YAML or JSON.")
    var file: String

    @Option(name: .long, help: "Which of the file's packagings.")
    var id: String?

    @Flag(inversion: .prefixedNo, help: "Follow the log until the packaging has ended.")
    var wait = true

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = FilePath(file)
        let packaging = try ManifestFile(path).packaging(id: id, in: path)
        let client = try APIClient(server)
        try await client.createOrUpdate(packaging)
        printError("Packaging \(packaging.id) is queued.")
        guard wait else { return }
        try await client.printLog(of: packaging.id, follow: true)
        let status = try await client.waitForEnd(of: packaging.id)
        guard status["state"]?.stringValue == "succeeded" else {
            throw CommandError(
                "packaging \(packaging.id) failed: \(status["message"]?.stringValue ?? "no reason was given")"
            )
        }
        for result in status["results"]?.arrayValue ?? [] {
            print("\(result["name"]?.stringValue ?? "-"): \(result["value"]?.stringValue ?? "-")")
        }
    }
}
