import ArgumentParser
import JSON
import ModelBundles
import OCI

struct ModelDiff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two models file by file; each in the cache, or else in its registry.",
        discussion: """
            The exit code is 0 for equal models, 1 for different ones.

            Examples:
              packager model diff registry.example.com/iris/sklearn:v1 registry.example.com/iris/sklearn:v2
            """
    )

    @Argument(help: "The one model: HOST/NAME:TAG.")
    var old: String

    @Argument(help: "The other model: HOST/NAME:TAG.")
    var new: String

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func run() async throws {
        let cache = try await options.cache()
        let (first, second) = (try options.reference(old), try options.reference(new))
        let before = try await ModelLocation(first, cache, registry, options)
        let after = try await ModelLocation(second, cache, registry, options)
        let fields = metadataDifferences(before.bundle, after.bundle)
        let files =
            before.bundle.digest == after.bundle.digest
            ? []
            : FileDifference.between(
                try await cache.files(of: before.bundle, from: before.source),
                try await cache.files(of: after.bundle, from: after.source)
            )
        for line in fields + files.map(\.line) { print(line) }
        if !fields.isEmpty || !files.isEmpty { throw ExitCode(1) }
    }

    private func metadataDifferences(_ old: ModelBundle, _ new: ModelBundle) -> [String] {
        func members(_ bundle: ModelBundle) -> [String: JSONValue] {
            // What the files are is compared below.
            (bundle.metadata?.document.objectValue ?? [:]).filter { $0.key != "directoryStructure" }
        }
        let (before, after) = (members(old), members(new))
        return Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }.map {
            "~ ormbfile.yaml \($0)"
        }
    }
}

extension FileDifference {
    /// `+ path size`, `- path size` or `~ path old size -> new size`
    fileprivate var line: String {
        switch self {
        case .added(let file): "+ \(file.path) \(file.size.sizeAsORMB)"
        case .removed(let file): "- \(file.path) \(file.size.sizeAsORMB)"
        case .changed(let old, let new): "~ \(new.path) \(old.size.sizeAsORMB) -> \(new.size.sizeAsORMB)"
        }
    }
}
