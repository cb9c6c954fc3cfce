/// ONNX's `ModelProto`, as far as a server needs it (`onnx/onnx.proto`).
struct ONNXModel {
    private(set) var header = ModelHeader()
    /// Where initialisers lie that are kept in files beside the model, as written, in order.
    private(set) var externalFiles: [String] = []
    private var graphs: [ProtobufReader.Field] = []

    /// Whether the fields of the outermost message are those of a `ModelProto`.
    static func recognizes(_ file: BlockFile) throws -> Bool {
        var reader = ProtobufReader(file)
        var hasVersion = false
        var hasGraph = false
        do {
            while let field = try reader.next() {
                switch (field.number, field.value) {
                case (1, .varint(let version)):
                    guard (1...1000).contains(version) else { return false }
                    hasVersion = true
                case (7, .bytes): hasGraph = true
                case (2...4, .bytes), (5, .varint), (6, .bytes), (8, .bytes), (14, .bytes), (20, .bytes),
                    (25...26, .bytes):
                    continue
                default: return false
                }
            }
        } catch is ModelError {
            return false
        }
        return hasVersion && hasGraph
    }

    /// - Throws: ``ModelError`` `damaged`.
    init(_ file: BlockFile) throws {
        var model = ProtobufReader(file)
        while let field = try model.next() {
            switch field.number {
            case 1: header.traits["ir"] = Int(exactly: try model.integer(field))
            case 7: graphs.append(field)
            case 8: try readOpset(try model.message(field))
            default: continue
            }
        }
        guard let graph = graphs.last else { throw file.damage("it has no graph") }
        let values = try values(try model.message(graph))
        let initialized = try readInitializers(try model.message(graph), named: Set(values.inputs.compactMap(\.name)))
        // Before IR 4 every initialiser is an input too; later one that is has a default. Neither has to be given.
        header.signature = ModelSignature(
            inputs: values.inputs.filter { !initialized.contains($0.name ?? "") },
            outputs: values.outputs
        )
        header.problem = Self.problem(header.signature)
    }

    private mutating func readOpset(_ reader: ProtobufReader) throws {
        var reader = reader
        var domain = ""
        var version: Int64 = 0
        while let field = try reader.next() {
            switch field.number {
            case 1: domain = try reader.string(field)
            case 2: version = try reader.integer(field)
            default: continue
            }
        }
        guard header.traits.count < 64 else { return }
        header.traits[domain.isEmpty || domain == "ai.onnx" ? "opset" : "opset.\(domain)"] = Int(exactly: version)
    }

    private func values(_ graph: ProtobufReader) throws -> (
        inputs: [ModelSignature.Field], outputs: [ModelSignature.Field]
    ) {
        var graph = graph
        var inputs: [ModelSignature.Field] = []
        var outputs: [ModelSignature.Field] = []
        while let field = try graph.next() {
            guard field.number == 11 || field.number == 12 else { continue }
            let value = try Self.value(try graph.message(field))
            if field.number == 11 { inputs.append(value) } else { outputs.append(value) }
            // Millions of tiny initialisers may be inputs too (IR 3); more than that is no model.
            guard inputs.count + outputs.count <= 1 << 20 else { throw graph.file.damage("it has too many inputs") }
        }
        return (inputs, outputs)
    }

    /// Looks at the head of each initialiser, never at its data.
    ///
    /// - Returns: those of `names` that have one.
    private mutating func readInitializers(_ graph: ProtobufReader, named names: Set<String>) throws -> Set<String> {
        var graph = graph
        var initialized: Set<String> = []
        var seen: Set<String> = []
        while let field = try graph.next() {
            switch field.number {
            case 5:
                let tensor = try Self.tensor(try graph.message(field))
                if names.contains(tensor.name) { initialized.insert(tensor.name) }
                if let location = tensor.location, seen.insert(location).inserted {
                    externalFiles.append(location)
                    guard seen.count <= 1 << 16 else { throw graph.file.damage("it names too many files") }
                }
            // A sparse initialiser goes by the name of its values.
            case 15:
                var sparse = try graph.message(field)
                while let part = try sparse.next() {
                    guard part.number == 1 else { continue }
                    let name = try Self.tensor(try sparse.message(part)).name
                    if names.contains(name) { initialized.insert(name) }
                }
            default: continue
            }
        }
        return initialized
    }

    private static func tensor(_ reader: ProtobufReader) throws -> (name: String, location: String?) {
        var reader = reader
        var name = ""
        var location: String?
        var isExternal = false
        while let field = try reader.next() {
            switch field.number {
            case 8: name = try reader.string(field)
            case 13:
                var entry = try reader.message(field)
                var key = ""
                var value = ""
                while let part = try entry.next() {
                    if part.number == 1 { key = try entry.string(part) }
                    if part.number == 2 { value = try entry.string(part) }
                }
                if key == "location" { location = value }
            case 14: isExternal = try reader.integer(field) == 1
            default: continue
            }
        }
        return (name, isExternal ? location : nil)
    }

    /// `ValueInfoProto`.
    private static func value(_ reader: ProtobufReader) throws -> ModelSignature.Field {
        var reader = reader
        var value = ModelSignature.Field(name: nil, type: "")
        while let field = try reader.next() {
            switch field.number {
            case 1: value.name = try reader.string(field)
            case 2: (value.type, value.shape) = try type(try reader.message(field))
            default: continue
            }
        }
        return value
    }

    /// `TypeProto`: a tensor's element type and shape, or the word for something else.
    private static func type(_ reader: ProtobufReader) throws -> (String, [Int]?) {
        var reader = reader
        let others = [4: "sequence", 5: "map", 7: "opaque", 8: "sparse", 9: "optional"]
        var result: (String, [Int]?) = ("", nil)
        while let field = try reader.next() {
            if field.number == 1 {
                result = try tensorType(try reader.message(field))
            } else if let word = others[field.number] {
                result = (word, nil)
            }
        }
        return result
    }

    private static func tensorType(_ reader: ProtobufReader) throws -> (String, [Int]?) {
        var reader = reader
        var result: (String, [Int]?) = ("", nil)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let number = try reader.integer(field)
                result.0 = ElementType.onnx(number) ?? "type \(number)"
            case 2:
                var shape = try reader.message(field)
                var dimensions: [Int] = []
                while let dimension = try shape.next() {
                    guard dimension.number == 1 else { continue }
                    dimensions.append(try length(try shape.message(dimension)))
                    guard dimensions.count <= ModelHeader.maximumCount else {
                        throw shape.file.damage("a tensor has too many dimensions")
                    }
                }
                result.1 = dimensions
            default: continue
            }
        }
        return result
    }

    /// -1 for a named or absent length.
    private static func length(_ reader: ProtobufReader) throws -> Int {
        var reader = reader
        var length = -1
        while let field = try reader.next() {
            if field.number == 1 { length = max(-1, Int(try reader.integer(field))) }
            if field.number == 2 { length = -1 }
        }
        return length
    }

    private static func problem(_ signature: ModelSignature?) -> String? {
        let kinds: Set = ["sequence", "map", "opaque", "sparse", "optional"]
        func list(_ fields: [ModelSignature.Field]?, _ what: String) -> [String] {
            (fields ?? []).filter { kinds.contains($0.type) }.map { "the \(what) \"\($0.name ?? "")\" is a \($0.type)" }
        }
        let found = list(signature?.inputs, "input") + list(signature?.outputs, "output")
        guard !found.isEmpty else { return nil }
        return found.prefix(8).joined(separator: " and ")
            + " and not a tensor; for a classifier of scikit-learn convert it with options={\"zipmap\": False}"
            + " (zipmap=False), so that its probabilities are one"
    }
}
