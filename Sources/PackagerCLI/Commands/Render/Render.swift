import ArgumentParser
import Dockerfiles
import FileSystem
import JSON
import Logging
import OCI
import PackagerCore
import SystemPackage

/// The same recipe as `build`, written down for other builders.
struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Write a Dockerfile and its build context in place of an image.",
        discussion: """
            Examples:
              packager render wine.zip -o context && docker build -t wine:1 context
              packager render wine.zip -o context --wheels --pin && buildah bud -t wine:1 context
              packager render wine.zip --print-values
              packager render wine.zip -o context --template Dockerfile.mustache

            The image behaves as the one that build makes. Packages are locked to the same wheels, with their hashes.
            """
    )

    @Argument(help: "The artifact: a zip, a tar (also compressed) or a directory.")
    var artifact: String

    @Option(name: .long, help: "How to package it.")
    var integration = "docker-rest"

    @Option(name: .shortAndLong, help: "The directory to write; a new or empty one.")
    var output: String?

    @Option(name: .long, help: "The image to build on. Default: the official Python image of the model's version.")
    var base: String?

    @Option(name: .customLong("arg"), help: "An argument of the integration, NAME=VALUE; repeat for more.")
    var arguments: [String] = []

    @Option(name: .long, help: "A mustache template of your own for the Dockerfile.")
    var template: String?

    @Flag(name: .long, help: "Print the values that a template can use, as JSON, and write nothing.")
    var printValues = false

    @Flag(name: .long, help: "Name the base by its digest.")
    var pin = false

    @Flag(name: .long, help: "Put all wheels into the context: the build then needs no package index.")
    var wheels = false

    @Flag(name: .long, help: "Write into a directory that is not empty; an earlier context in it is replaced.")
    var force = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard printValues || output != nil else {
            throw ValidationError("name the directory to write with -o, or ask for --print-values")
        }
    }

    func run() async throws {
        let parts = try await Composition(data: data, build: build, engine: build.usersEngineAddress)
        let integration = try parts.integration(named: integration)
        let path = FilePath(artifact)
        guard path.exists else { throw CommandError("there is no file or directory \(artifact)") }
        var values = try integration.definition.parse(arguments: arguments)
        if let base { values["dockerfileBaseImage"] = .string(base) }
        if let template { values[ImageBuilder.templateArgument] = try .template(template) }
        try integration.definition.check(arguments: values)
        let request = PackagingRequest(
            artifact: path.isDirectory ? .directory(path) : .archive(path, digest: nil),
            fallbackName: path.stem ?? "model",
            integration: integration,
            arguments: values,
            pull: registry.access(to: try base.map(ImageReference.init(parsing:))?.host)
        )
        let options = try options(request)
        if printValues {
            let values = try await parts.packager.values(
                for: request,
                as: parts.contexts,
                options: options,
                logger: .commandLine()
            )
            print(String(decoding: try CanonicalJSON.encode(values), as: UTF8.self))
        }
        guard let output else { return }
        try await parts.packager.render(
            request,
            as: parts.contexts,
            to: FilePath(output),
            options: options,
            logger: .commandLine()
        )
        printError("wrote \(output); build it with: docker build --tag NAME \(output)")
    }

    private func options(_ request: PackagingRequest) throws -> BuildContext.Options {
        var options = BuildContext.Options(template: try request.dockerfileTemplate)
        options.pin = pin
        options.wheels = wheels
        options.force = force
        return options
    }
}
