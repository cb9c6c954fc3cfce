import ArgumentParser
import FileSystem
import JSON
import Logging
import OCI
import PackagerCore
import SystemPackage

/// The shortest road: artifact to pushed image in one line.
struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Package an artifact and push the image, without a server.",
        discussion: """
            Examples:
              packager build wine.zip --tag 127.0.0.1:5000/wine:1
              packager build ./mlflow-model --tag wine:1 --base base/python:3.11

            A tag without a host goes into the local store.
            """
    )

    @Argument(help: "The artifact: a zip, a tar (also compressed) or a directory.")
    var artifact: String

    @Option(name: .long, help: "How to package it.")
    var integration = "docker-rest"

    @Option(name: .long, help: "The image's name: [HOST/]NAME[:TAG].")
    var tag: String

    @Option(name: .long, help: "The image to build on. Default: the official Python image of the model's version.")
    var base: String?

    @Option(name: .customLong("arg"), help: "An argument of the integration, NAME=VALUE; repeat for more.")
    var arguments: [String] = []

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let parts = try await Composition(data: data, build: build)
        let integration = try parts.integration(named: integration)
        let path = FilePath(artifact)
        guard path.exists else { throw CommandError("there is no file or directory \(artifact)") }
        var values = try integration.definition.parse(arguments: arguments)
        if let base { values["dockerfileBaseImage"] = .string(base) }
        try integration.definition.check(arguments: values)
        let reference = try ImageReference(parsing: tag)
        let access = registry.access(to: reference.host, try base.map(ImageReference.init(parsing:))?.host)
        let request = PackagingRequest(
            artifact: path.isDirectory ? .directory(path) : .archive(path, digest: nil),
            fallbackName: path.stem ?? "model",
            integration: integration,
            arguments: values,
            target: reference.host == nil ? .store : .registry(access),
            tag: reference,
            pull: access
        )
        let packaged = try await parts.packager.package(request, logger: .commandLine())
        printError("\n\(packaged.report)\n")
        print("\(packaged.reference)@\(packaged.digest)")
    }
}
