/// OpenVINO's intermediate representation, `model.xml`: its `Parameter` layers are the inputs, what feeds its `Result`
/// layers the outputs.
struct OpenVINOModel {
    private(set) var header = ModelHeader()

    private struct Port: Hashable {
        var layer: String
        var port: String
    }

    private var inputs: [ModelSignature.Field] = []
    /// The ids of `Result` layers, in the file's order.
    private var results: [String] = []
    private var sources: [String: Port] = [:]
    private var outputs: [Port: ModelSignature.Field] = [:]

    static func recognizes(_ head: [UInt8]) -> Bool {
        let text = String(decoding: head, as: UTF8.self)
        return text.trimmed.hasPrefix("<") && text.contains("<net ") && text.contains("version=")
    }

    /// Reads the file twice: the edges, which say whose ports matter, come last.
    init(_ file: BlockFile) throws {
        try Self.forEachTag(file) { tag, _, layer in try readInputsAndEdges(tag, layer, file) }
        let wanted = Set(sources.values)
        var open: Port?
        var dimensions: [Int]?
        try Self.forEachTag(file) { tag, section, layer in
            switch tag.name {
            case "port" where tag.isEnd:
                if let port = open { outputs[port]?.shape = dimensions }
                open = nil
            case "port" where section == "output":
                let port = Port(layer: layer["id"] ?? "", port: tag.attributes["id"] ?? "")
                guard wanted.contains(port) else { return }
                outputs[port] = ModelSignature.Field(
                    name: Self.name(tag.attributes["names"]) ?? layer["name"],
                    type: ElementType.openVINO(tag.attributes["precision"] ?? "")
                )
                // A port without dimensions is a scalar or of unknown rank: the file does not tell.
                dimensions = nil
                open = tag.isEmpty ? nil : port
            case "dim" where tag.isEnd && open != nil:
                dimensions = (dimensions ?? []) + [max(-1, Int(tag.text.trimmed) ?? -1)]
            default: return
            }
        }
        header.signature = ModelSignature(
            inputs: inputs,
            outputs: results.compactMap { sources[$0].flatMap { outputs[$0] } }
        )
    }

    private mutating func readInputsAndEdges(_ tag: XMLTags.Tag, _ layer: [String: String], _ file: BlockFile) throws {
        let isParameter = layer["type"] == "Parameter"
        switch tag.name {
        case "layer" where !tag.isEnd:
            if layer["type"] == "Result", let id = layer["id"] { results.append(id) }
            if isParameter { inputs.append(ModelSignature.Field(name: layer["name"], type: "")) }
        case "data" where isParameter && !tag.isEnd && !inputs.isEmpty:
            inputs[inputs.count - 1].type = ElementType.openVINO(tag.attributes["element_type"] ?? "")
            inputs[inputs.count - 1].shape = Self.shape(tag.attributes["shape"])
        case "port" where isParameter && !tag.isEnd && !inputs.isEmpty:
            if let name = Self.name(tag.attributes["names"]) { inputs[inputs.count - 1].name = name }
        case "edge" where !tag.isEnd:
            let edge = tag.attributes
            guard let target = edge["to-layer"], results.contains(target) else { return }
            sources[target] = Port(layer: edge["from-layer"] ?? "", port: edge["from-port"] ?? "")
        default: break
        }
        guard inputs.count + results.count <= ModelHeader.maximumCount else {
            throw file.damage("it has too many inputs and outputs")
        }
    }

    /// Calls with each tag, the section ("input", "output") it stands in, and the attributes of its layer. Layers
    /// within layers (the bodies of loops) are passed over.
    private static func forEachTag(
        _ file: BlockFile,
        _ body: (XMLTags.Tag, _ section: String, _ layer: [String: String]) throws -> Void
    ) throws {
        var tags = XMLTags(file)
        var layer: [String: String] = [:]
        var section = ""
        var bodies = 0
        while let tag = try tags.next() {
            if tag.name == "body" || tag.name.hasSuffix("_body"), !tag.isEmpty { bodies += tag.isEnd ? -1 : 1 }
            guard bodies <= 0 else { continue }
            if tag.name == "layer" { layer = tag.isEnd ? [:] : tag.attributes }
            if tag.name == "input" || tag.name == "output" { section = tag.isEnd ? "" : tag.name }
            try body(tag, section, layer)
        }
    }

    /// The first of a tensor's names.
    private static func name(_ names: String?) -> String? {
        names?.split(separator: ",").first.map(String.init)
    }

    /// `?,13`, `1..8,3`; "..." for an unknown rank and "" for a scalar.
    private static func shape(_ text: String?) -> [Int]? {
        guard let text, !text.contains("...") else { return nil }
        return text.split(separator: ",").map { max(-1, Int($0.trimmed) ?? -1) }
    }
}
