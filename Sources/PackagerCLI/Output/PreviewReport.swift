import ImageAssembler
import JSON
import OCI
import PackagerCore

/// What images would be made, for a person.
struct PreviewReport: Sendable {
    private let previews: [PackagingPreview]

    init(_ previews: [PackagingPreview]) { self.previews = previews }

    /// - Parameter format: a table is the report for a person; any other has the documents.
    func render(as format: OutputFormat) throws -> String {
        if case .table = format { return text }
        return try format.render(previews.map { try JSONValue(encoding: $0) }, columns: [])
    }

    var text: String {
        previews.map { preview in [facts(preview), layers(preview)].joined(separator: "\n\n") }
            .joined(separator: "\n\n")
    }

    private func facts(_ preview: PackagingPreview) -> String {
        let (model, configuration) = (preview.model, preview.configuration)
        let size = "\(model.files.counted("file")), \(model.bytes.humanSize)"
        var facts = [
            ("image", preview.image.description),
            ("made by", "\(preview.integration), builder \(preview.builder)"),
            ("model", "\(model.name) \(model.version) (\(model.kind), \(size))"),
            ("base", "\(preview.base.image) (\(preview.base.platform), \(preview.base.digest.short))"),
            ("entrypoint", (configuration.entrypoint + configuration.command).joined(separator: " ")),
            ("user", configuration.user),
            ("ports", configuration.ports.joined(separator: ", ")),
            (
                "packages",
                preview.environment.map { $0.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", ") }
                    ?? "not resolved yet"
            ),
        ]
        if let targets = preview.targets {
            let names = targets.map { "\($0.name) \($0.connectionName)" }
            facts.insert(("targets", names.joined(separator: ", ")), at: 1)
        }
        let width = facts.map(\.0.count).max() ?? 0
        return facts.filter { !$0.1.isEmpty }
            .map { name, text in name + String(repeating: " ", count: width + 2 - name.count) + text }
            .joined(separator: "\n")
    }

    private func layers(_ preview: PackagingPreview) -> String {
        Table(
            titles: ["LAYER", "FILLS", "SIZE", "DIGEST", "FROM"],
            rows: preview.layers.map { layer in
                [
                    String(layer.name.prefix(60)), layer.paths.summary, layer.size?.humanSize ?? "-",
                    layer.digest?.short ?? "-", layer.from?.rawValue ?? "not known yet",
                ]
            }
        ).text
    }
}

extension [String] {
    /// `/opt/packager/server.py and 3 more`
    fileprivate var summary: String {
        guard let first else { return "-" }
        return count == 1 ? first : "\(first) and \(count - 1) more"
    }
}
