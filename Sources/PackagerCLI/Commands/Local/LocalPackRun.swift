import ArgumentParser
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
        help: "Where the artifact is, when it is not in the data directory's own store: a directory that holds it."
    )
    var artifactPath: String?

    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let path = FilePath(file)
        let manifests = try ManifestFile(path)
        let packaging = try manifests.packaging(id: id, in: path)
        let parts = try await Composition(data: data, build: build)
        let results = try await parts.run(
            packaging,
            connections: manifests.connections,
            artifacts: artifactPath.map { FilePath($0) },
            logger: .commandLine()
        )
        for result in results { print("\(result.name): \(result.value)") }
    }
}
