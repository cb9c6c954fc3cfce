import ArgumentParser
import FileSystem
import ModelBundles
import OCI
import PackagerCore
import SystemPackage

struct ModelPull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Pull a model from its registry into the cache, or some of its files into a directory.",
        discussion: """
            Examples:
              packager model pull registry.example.com/iris/sklearn:v1
              packager model pull registry.example.com/llm/tiny:v1 --include '*.json' --include 'tokenizer*' -d ./tiny

            A pattern without a slash is for names in any directory; ** goes over slashes.
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG, or HOST/NAME@DIGEST.")
    var reference: String

    @Option(name: .long, help: "Bring files that match only, and export them. May be repeated.")
    var include: [String] = []

    @Option(name: .shortAndLong, help: "Where to export what --include names.")
    var destination: String?

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func validate() throws {
        if destination != nil, include.isEmpty {
            throw ValidationError("--destination is for --include; export a whole model with packager model export")
        }
    }

    func run() async throws {
        let reference = try options.reference(reference)
        let cache = try await options.cache()
        let source = try registry.repository(reference, options)
        print("\(reference.tag ?? reference.digest?.description ?? ""): Pulling from \(reference.name)")
        if include.isEmpty {
            let (bundle, isNew) = try await cache.pull(reference, from: source)
            print(ModelSummary(reference: reference, bundle: bundle).text)
            let status = isNew ? "Downloaded newer model for" : "Model is up to date for"
            print("Status: \(status) \(reference)")
        } else {
            var choice = ModelCache.ExportOptions()
            choice.include = include.map(GlobPattern.init)
            let (bundle, layers) = try await cache.pull(reference, including: choice.include, from: source)
            let directory = FilePath(destination ?? ".")
            let files = try await cache.export(bundle.keeping(layers), to: directory, options: choice)
            print(ModelSummary(reference: reference, bundle: bundle).text)
            print("Status: \(files.count.counted("file")) of \(reference) in \(directory)")
        }
    }
}
