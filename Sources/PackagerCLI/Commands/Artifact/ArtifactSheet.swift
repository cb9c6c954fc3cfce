import JSON

/// All that is known of an artifact, for a person: a line for each thing.
struct ArtifactSheet {
    private static let maximumFiles = 10

    private let info: JSONValue

    /// - Parameter info: as the server answers.
    init(_ info: JSONValue) { self.info = info }

    var text: String {
        let isDefault = info["version"] == info["defaultVersion"]
        let title = (info.artifactReference ?? "-") + (isDefault ? ", the default version" : "")
        let lines = about + (info["model"].map(inside) ?? [("model", absence)])
        let width = lines.map(\.0.count).max() ?? 0
        return
            ([title]
            + lines.map { label, value in
                "  \(label)\(String(repeating: " ", count: width - label.count))  \(value)"
            }).joined(separator: "\n")
    }

    private var about: [(String, String)] {
        let all: [(String, String?)] = [
            ("description", info["description"]?.stringValue),
            ("versions", info["versions"]?.arrayValue?.compactMap { $0.integerValue.map { "\($0)" } }.listed),
            ("size", info["size"]?.integerValue?.humanSize ?? "a directory"),
            ("digest", info["digest"]?.stringValue),
            ("created", info["createdAt"]?.stringValue),
            ("kind", info["kind"]?.stringValue),
        ]
        return all.compactMap { label, value in value.map { (label, $0) } }
    }

    private var absence: String {
        switch info["inspection"]?.stringValue {
        case "pending": "the server looks into it now; ask again"
        default: "none: " + (info["problem"]?.stringValue ?? "nobody has looked")
        }
    }

    private func inside(_ model: JSONValue) -> [(String, String)] {
        let all: [(String, String?)] = [
            (
                "model",
                [model["name"]?.stringValue, model["version"]?.stringValue].compactMap(\.self).joined(separator: " ")
            ),
            ("flavors", model["flavors"]?.texts.listed), ("python", model["python"]?.stringValue),
            ("requirements", model["requirements"]?.texts.listed),
            ("inputs", fields(model["signature"]?["inputs"])), ("outputs", fields(model["signature"]?["outputs"])),
            ("files", files(model)),
        ]
        return all.compactMap { label, value in value.map { (label, $0) } }
    }

    private func fields(_ value: JSONValue?) -> String? {
        value?.arrayValue?.map { field in
            let shape = field["shape"]?.arrayValue?.compactMap { $0.integerValue.map { "\($0)" } }
            let type = (field["type"]?.stringValue ?? "-") + (shape.map { "[\($0.joined(separator: ","))]" } ?? "")
            return field["name"]?.stringValue.map { "\($0): \(type)" } ?? type
        }.listed
    }

    private func files(_ model: JSONValue) -> String? {
        let files = model["files"]?.arrayValue ?? []
        let shown = files.prefix(Self.maximumFiles).compactMap { file in
            file["path"]?.stringValue.map { "\($0) (\(file["size"]?.integerValue?.humanSize ?? "-"))" }
        }
        let more = (model["fileCount"]?.integerValue ?? 0) - Int64(shown.count)
        return (shown + (more > 0 ? ["\(more) more"] : [])).listed
    }
}

extension JSONValue {
    fileprivate var texts: [String] { arrayValue?.compactMap(\.stringValue) ?? [] }
}

extension [String] {
    /// Nil when there is none.
    fileprivate var listed: String? { isEmpty ? nil : joined(separator: ", ") }
}
