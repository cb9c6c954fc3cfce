/// TensorFlow's frozen graph: a `GraphDef` of nodes and nothing that says which of them are inputs.
enum GraphDefModel {
    static let header = ModelHeader(
        problem: "a frozen graph (GraphDef) does not declare its inputs and outputs; name them, or save a SavedModel"
    )

    /// Whether the outermost fields are those of a `GraphDef` and its first node has a name and an operation.
    static func recognizes(_ file: BlockFile) throws -> Bool {
        var reader = ProtobufReader(file)
        do {
            guard let first = try reader.next(), first.number == 1, case .bytes = first.value else { return false }
            var node = try reader.message(first)
            var operation = ""
            while let field = try node.next() {
                guard (1...7).contains(field.number), case .bytes = field.value else { return false }
                if field.number == 2 { operation = try node.string(field) }
            }
            guard let letter = operation.utf8.first, (0x41...0x5a).contains(letter) || letter == 0x5f else {
                return false
            }
            while let field = try reader.next() {
                switch (field.number, field.value) {
                case (1...2, .bytes), (3, .varint), (4...5, .bytes): continue
                default: return false
                }
            }
            return true
        } catch is ModelError {
            return false
        }
    }
}
