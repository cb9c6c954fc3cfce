import ArgumentParser
import FileSystem
import ImageAssembler
import Logging
import OCI
import PackagerCore
import SystemPackage
import TrainedModels

struct BaseExtend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Make a base image with Python packages in it, into the local store.",
        discussion: """
            Models that are packaged on it (dockerfileBaseImage, --base) take the packages that they need in the same \
            versions from it, and bring the others.

            Example: packager base extend base/python:3.11 --requirements conda.yaml --name packaging-model-cache:1.0.0
            """
    )

    @Argument(help: "The base image, in the store or in a registry.")
    var base: String

    @Option(name: .long, help: "A conda.yaml, or a requirements.txt of pip's.")
    var requirements: String

    @Option(name: .long, help: "The image's name in the store: NAME:TAG.")
    var name: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let base = try ImageReference(parsing: base)
        let reference = try ImageReference(parsing: name)
        let file = FilePath(requirements).absolute
        guard file.exists, !file.isDirectory else { throw CommandError("there is no file \(requirements)") }
        let image = try await Composition(data: data, build: build, engine: nil).packager.extend(
            base,
            with: EnvironmentRequirements(file: file),
            as: reference,
            pull: registry.access(to: base.host),
            logger: .commandLine()
        )
        print("\(reference)@\(image.digest)")
    }
}
