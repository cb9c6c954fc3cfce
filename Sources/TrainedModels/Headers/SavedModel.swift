/// TensorFlow's `saved_model.pb` (`tensorflow/core/protobuf/saved_model.proto`, `meta_graph.proto`): its signatures.
struct SavedModel {
    private(set) var header = ModelHeader()

    private struct MetaGraph {
        var tags: Set<String> = []
        var signatures: [String: ProtobufReader.Field] = [:]
        var reader: ProtobufReader
    }

    /// - Throws: ``ModelError`` `damaged`.
    init(_ file: BlockFile) throws {
        var model = ProtobufReader(file)
        var graphs: [MetaGraph] = []
        while let field = try model.next() {
            switch field.number {
            case 1: header.traits["schema"] = Int(exactly: try model.integer(field))
            case 2:
                graphs.append(try Self.metaGraph(try model.message(field)))
                guard graphs.count <= 64 else { throw file.damage("it has too many graphs") }
            default: continue
            }
        }
        guard let graph = graphs.first(where: { $0.tags.contains("serve") }) ?? graphs.first else {
            throw file.damage("it has no graph")
        }
        let names = graph.signatures.keys.filter { $0 != "__saved_model_init_op" }.sorted()
        let preferred = ["serving_default", "serve"].first { names.contains($0) } ?? names.first
        guard let name = preferred, let signature = graph.signatures[name] else {
            header.problem = "the SavedModel has no signature; save it with signatures={\"serving_default\": …}"
            return
        }
        try read(try graph.reader.message(signature))
    }

    /// `MetaGraphDef`; the graph itself is passed over.
    private static func metaGraph(_ reader: ProtobufReader) throws -> MetaGraph {
        var graph = MetaGraph(reader: reader)
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1:
                var info = try reader.message(field)
                while let part = try info.next(), graph.tags.count < 64 {
                    if part.number == 4 { graph.tags.insert(try info.string(part)) }
                }
            case 5:
                var entry = try reader.message(field)
                var key = ""
                var value: ProtobufReader.Field?
                while let part = try entry.next() {
                    if part.number == 1 { key = try entry.string(part) }
                    if part.number == 2 { value = part }
                }
                graph.signatures[key] = value
                guard graph.signatures.count <= ModelHeader.maximumCount else {
                    throw reader.file.damage("it has too many signatures")
                }
            default: continue
            }
        }
        return graph
    }

    /// `SignatureDef`. Its maps have no order of their own: fields are sorted by name.
    private mutating func read(_ reader: ProtobufReader) throws {
        var reader = reader
        var signature = ModelSignature(inputs: [], outputs: [])
        while let field = try reader.next() {
            guard field.number == 1 || field.number == 2 else { continue }
            let value = try tensor(try reader.message(field))
            if field.number == 1 { signature.inputs.append(value) } else { signature.outputs.append(value) }
            guard signature.inputs.count + signature.outputs.count <= ModelHeader.maximumCount else {
                throw reader.file.damage("a signature has too many tensors")
            }
        }
        func sorted(_ fields: [ModelSignature.Field]) -> [ModelSignature.Field] {
            fields.sorted { ($0.name ?? "") < ($1.name ?? "") }
        }
        header.signature = ModelSignature(inputs: sorted(signature.inputs), outputs: sorted(signature.outputs))
    }

    /// An entry of the map: a name and a `TensorInfo`.
    private mutating func tensor(_ entry: ProtobufReader) throws -> ModelSignature.Field {
        var entry = entry
        var result = ModelSignature.Field(name: "", type: "", shape: [])
        while let part = try entry.next() {
            switch part.number {
            case 1: result.name = try entry.string(part)
            case 2:
                var info = try entry.message(part)
                while let field = try info.next() {
                    switch field.number {
                    case 2:
                        let number = try info.integer(field)
                        result.type = ElementType.tensorFlow(number) ?? "type \(number)"
                    case 3: result.shape = try Self.shape(try info.message(field))
                    case 4, 5: result.type = "sparse"
                    default: continue
                    }
                }
            default: continue
            }
        }
        if result.type == "sparse" {
            header.problem = "\"\(result.name ?? "")\" is a sparse or composite tensor; give the signature dense ones"
        }
        return result
    }

    /// `TensorShapeProto`; nil for an unknown rank.
    private static func shape(_ reader: ProtobufReader) throws -> [Int]? {
        var reader = reader
        var dimensions: [Int] = []
        var isUnknown = false
        while let field = try reader.next() {
            switch field.number {
            case 2:
                var dimension = try reader.message(field)
                var length = 0
                while let part = try dimension.next() {
                    if part.number == 1 { length = max(-1, Int(try dimension.integer(part))) }
                }
                dimensions.append(length)
                guard dimensions.count <= ModelHeader.maximumCount else {
                    throw reader.file.damage("a tensor has too many dimensions")
                }
            case 3: isUnknown = try reader.integer(field) != 0
            default: continue
            }
        }
        return isUnknown ? nil : dimensions
    }
}
