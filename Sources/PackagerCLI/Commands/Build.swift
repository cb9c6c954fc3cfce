import ArgumentParser
import FileSystem
import JSON
import Logging
import OCI
import PackagerCore
import SystemPackage

/// The shortest road: artifact to pushed images in one line.
struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Package an artifact and push the image, without a server.",
        discussion: """
            Examples:
              packager build wine.zip --tag 127.0.0.1:5000/wine:1
              packager build ./mlflow-model --tag wine:1 --base base/python:3.11
              packager build wine.zip --integration docker-rest,docker-cli --tag 127.0.0.1:5000/wine:1
              packager build wine.zip --tag wine:1 --builder docker --template Dockerfile.mustache
              packager build wine.zip --tag wine:1 --dry-run

            A tag without a host goes into the local store.

            Several integrations make several images of one artifact, and every layer they share once. With one --tag, \
            NAME:TAG, they are called NAME:TAG-rest, NAME:TAG-cli and so on: the integration's id without "docker-". Write \
            {{ Integration }} where else that word is to be ("HOST/wine-{{ Integration }}:1"), or give one --tag for each \
            integration, in their order.
            """
    )

    @Argument(help: "The artifact: a zip, a tar (also compressed) or a directory.")
    var artifact: String

    @Option(name: .long, help: "How to package it; several with commas between them.")
    var integration: [String] = ["docker-rest"]

    @Option(name: .long, help: "The image's name: [HOST/]NAME[:TAG].")
    var tag: [String]

    @Option(name: .long, help: "Who builds: native, or docker for a Docker engine (see --docker-host).")
    var builder: ImageBuilder?

    @Option(name: .long, help: "A mustache template of your own for the Dockerfile, with --builder docker.")
    var template: String?

    @Flag(name: .long, help: "Make nothing: print what would be made, for people or with -o json or yaml.")
    var dryRun = false

    @OptionGroup var arguments: ArgumentOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var general: GeneralOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try choices() }

    func run() async throws {
        let path = FilePath(artifact)
        guard path.exists else { throw CommandError("there is no file or directory \(artifact)") }
        let requests = try requests(for: path)
        let parts = try await Composition(data: data, build: build, engine: build.usersEngineAddress)
        if dryRun {
            let previews = try await parts.packager.preview(requests, logger: .commandLine(general))
            return print(try PreviewReport(previews).render(as: output.output))
        }
        let packaged = try await ProgressDisplay.packaging(general).during { [general] in
            try await parts.packager.package(requests, logger: .commandLine(general))
        }
        if !general.quiet { printError("\n\(BuildReport(packaged).text)\n") }
        guard case .table = output.output else {
            print(try output.output.render(packaged.map(\.document), columns: []))
            return
        }
        for image in packaged { print("\(image.reference)@\(image.digest)") }
    }

    private func choices() throws -> [ImageChoice] {
        try ImageChoice.choices(integrations: integration, tags: tag, among: Composition.integrations)
    }

    /// Everything is checked here that can be checked without the artifact.
    private func requests(for path: FilePath) throws -> [PackagingRequest] {
        let choices = try choices()
        let given = try arguments.values(for: choices.map(\.integration))
        return try zip(choices, given).map { choice, given in
            let values = try given.merging(builderArguments) { _, option in option }
            try choice.integration.definition.check(arguments: values)
            if let error = BuilderPolicy(engine: true, templates: true).errors(in: values).first {
                throw CommandError(error)
            }
            try choice.integration.check(
                arguments: choice.integration.definition.spec.schema.withDefaults(values)
            )
            let base = try values[ArgumentOptions.baseArgument]?.stringValue.map(ImageReference.init(parsing:))
            let access = registry.access(to: choice.reference.host, base?.host)
            return PackagingRequest(
                artifact: path.isDirectory ? .directory(path) : .archive(path, digest: nil),
                fallbackName: path.stem ?? "model",
                integration: choice.integration,
                arguments: values,
                target: choice.reference.host == nil ? .store : .registry(access),
                tag: choice.reference,
                pull: access
            )
        }
    }

    /// What the options of this command say in place of arguments.
    private var builderArguments: [String: JSONValue] {
        get throws {
            var values: [String: JSONValue] = [:]
            if let builder { values[ImageBuilder.argument] = .string(builder.rawValue) }
            if let template { values[ImageBuilder.templateArgument] = try .template(template) }
            return values
        }
    }
}

extension ImageBuilder: ExpressibleByArgument {}

extension JSONValue {
    /// The text of a template's file, as the argument of that name.
    static func template(_ file: String) throws -> JSONValue {
        .string(String(decoding: try FilePath(file).readAll(limit: 1 << 20), as: UTF8.self))
    }
}
