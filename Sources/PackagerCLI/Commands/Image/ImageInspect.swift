import ArgumentParser
import ImageAssembler
import JSON
import OCI
import PackagerCore

struct ImageInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show an image of the local store: its digest, how it runs, and its layers.",
        discussion: "Example: packager image inspect wine:1"
    )

    @Argument(help: "The image: NAME:TAG or NAME@DIGEST.")
    var reference: String

    @OptionGroup var data: DataOptions

    @Option(name: [.customShort("o"), .long], help: "table, yaml, json or jsonpath=EXPRESSION.")
    var output: OutputFormat = .table

    func run() async throws {
        let store = try await OCILayout.open(data.directory.store)
        let reference = try ImageReference(parsing: reference)
        let image = try await BaseImage.resolve(reference, from: store.repository(reference))
        guard case .table = output else {
            let document: JSONValue = [
                "name": .string(reference.description),
                "digest": .string(image.descriptor.digest.description),
                "manifest": try JSONValue(encoding: image.manifest),
                "configuration": try JSONValue(encoding: image.configuration),
            ]
            print(try output.render([document], columns: []))
            return
        }
        let size = image.manifest.layers.reduce(image.manifest.config.size) { $0 + $1.size }
        print(
            """
            \(reference)
            digest    \(image.descriptor.digest)
            platform  \(image.configuration.platform)
            size      \(size.humanSize)
            run as    \(image.configuration.config?.user ?? "root")
            start     \(((image.configuration.config?.entrypoint ?? []) + (image.configuration.config?.command ?? [])).joined(separator: " "))

            """
        )
        print(Table(titles: ["LAYER", "SIZE", "DIGEST"], rows: rows(of: image)).text)
    }

    /// What each layer holds, from the history where that speaks of every layer.
    private func rows(of image: BaseImage) -> [[String]] {
        let history = (image.configuration.history ?? []).filter { $0.emptyLayer != true }
        let named = history.count == image.manifest.layers.count
        return image.manifest.layers.enumerated().map { number, layer in
            let name = named ? history[number].createdBy ?? "" : ""
            return [String(name.prefix(60)), layer.size.humanSize, layer.digest.short]
        }
    }
}
