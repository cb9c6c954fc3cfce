import ArgumentParser
import FileSystem
import Logging
import PackagerCore
import SystemPackage

struct LocalPackRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a packaging's job in this process, with the connections of the same file.",
        discussion: "Example: packager local pack run -f pack.yaml --id wine"
    )

    @Option(name: .long, help: "Which packaging.")
    var id: String

    @Option(name: [.customShort("f"), .long], help: "The manifests, YAML or JSON.")
    var file: String

    @Option(
        name: .long,
        help: "The directory that holds the artifact. Default: the manifest's own, then the data directory's store."
    )
    var artifactPath: String?

    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let path = FilePath(file)
        let manifests = try ManifestFile(path)
        let packaging = try manifests.packaging(id: id, in: path)
        let parts = try await Composition(data: data, build: build, engine: build.usersEngineAddress)
        let local = LocalInputs(
            connections: try manifests.connections.map { try parts.service.validated($0) },
            artifacts: artifacts(for: packaging, beside: path)
        )
        let packaged = try await parts.packager.package(
            parts.service.request(for: packaging, with: local),
            logger: .commandLine()
        )
        printError("\n\(BuildReport([packaged]).text)\n")
        for result in packaged.results(publicHost: parts.service.configuration.publicHost) {
            print("\(result.name): \(result.value)")
        }
    }

    private func artifacts(for packaging: ModelPackaging, beside manifest: FilePath) -> FilePath? {
        if let artifactPath { return FilePath(artifactPath) }
        let directory = manifest.removingLastComponent().isEmpty ? "." : manifest.removingLastComponent()
        return directory.appending(packaging.spec.artifactName).exists ? directory : nil
    }
}
