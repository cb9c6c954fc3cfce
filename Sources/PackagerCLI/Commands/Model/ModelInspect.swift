import ArgumentParser
import ImageAssembler
import JSON
import ModelBundles
import OCI
import Registry

struct ModelInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Show a model: its profile, format, metadata and layers; of its registry, when it is not in the cache.",
        discussion: """
            Examples:
              packager model inspect registry.example.com/iris/sklearn:v1
              packager model inspect registry.example.com/iris/sklearn:v1 -o json
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG, or HOST/NAME@DIGEST.")
    var reference: String

    @Option(name: [.customShort("o"), .long], help: "table, yaml, json or jsonpath=EXPRESSION.")
    var output: OutputFormat = .table

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func run() async throws {
        let reference = try options.reference(reference)
        let cache = try await options.cache()
        let bundle = try await ModelLocation(reference, cache, registry, options).bundle
        let summary = ModelSummary(reference: reference, bundle: bundle)
        guard case .table = output else {
            print(try output.render([summary.document], columns: []))
            return
        }
        print(summary.text)
        print("manifest:  \(bundle.digest)")
        print("profile:   \(bundle.profile.rawValue)")
        for (name, value) in bundle.highlights { print("\(name):".padded(to: 11) + value) }
        print("")
        let rows = bundle.layers.map { layer in
            [
                layer.path ?? "(\(layer.role.printable))", layer.role.printable, layer.descriptor.size.sizeAsORMB,
                layer.descriptor.digest.short,
            ]
        }
        print(Table(titles: ["FILE", "KIND", "SIZE", "DIGEST"], rows: rows).text)
    }
}

/// A model wherever it is: in the cache, or else in its registry.
struct ModelLocation {
    let bundle: ModelBundle
    let source: any ImageSource

    init(
        _ reference: ImageReference,
        _ cache: ModelCache,
        _ registry: ModelRegistryOptions,
        _ options: ModelOptions
    ) async throws {
        if try await cache.contains(reference) {
            bundle = try await cache.bundle(reference)
            source = cache.layout.repository(reference)
        } else {
            let repository = try registry.repository(reference, options)
            let stored = try await repository.manifest(reference.selector)
            bundle = try await ModelBundle(stored, from: repository, named: reference.description)
            source = repository
        }
    }
}

extension ModelBundle {
    /// What a reader wants to know first.
    fileprivate var highlights: [(String, String)] {
        let config = configuration["config"]
        let described: [(String, String?)] = [
            ("framework", metadata?.framework), ("author", metadata?.author), ("about", metadata?.description),
            ("family", config?["architecture"]?.stringValue),
            ("params", config?["paramSize"]?.stringValue ?? config?["parameters"]?.stringValue),
            ("precision", config?["precision"]?.stringValue), ("quantized", config?["quantization"]?.stringValue),
        ]
        return described.compactMap { name, value in value.map { (name, $0.printable) } }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
