import ArgumentParser
import ModelBundles
import OCI

struct ModelPush: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push a model of the cache to its registry.",
        discussion: """
            Examples:
              packager model push registry.example.com/iris/sklearn:v1
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG.")
    var reference: String

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func run() async throws {
        let reference = try options.reference(reference)
        let cache = try await options.cache()
        // Found before the registry is asked.
        _ = try await cache.bundle(reference)
        print("The push refers to repository [\(reference.name)]")
        let (bundle, _) = try await cache.push(reference, to: registry.repository(reference, options))
        let summary = ModelSummary(reference: reference, bundle: bundle)
        print(summary.text)
        let layers = "\(bundle.layers.count) layer\(bundle.layers.count == 1 ? "" : "s")"
        print("\(summary.label): pushed to remote (\(layers), \(bundle.size.sizeAsORMB) total)")
    }
}
