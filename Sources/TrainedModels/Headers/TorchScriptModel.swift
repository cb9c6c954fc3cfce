/// What TorchScript's own source text in a `.pt` says: the arguments of `forward` and how much it returns. Types and
/// shapes it does not know.
///
/// The layout is that of `torch/csrc/jit/serialization/export_module.cpp`: `<top>/data.pkl` begins with the qualified
/// name of the model's class, and `<top>/code/` holds a file for each module.
enum TorchScriptModel {
    static func recognizes(_ zip: ZipMembers) -> Bool {
        zip.first("/constants.pkl") != nil && zip.names.contains { $0.contains("/code/") && $0.hasSuffix(".py") }
    }

    static func header(_ zip: ZipMembers) throws -> ModelHeader {
        let unknown = ModelHeader(problem: "the TorchScript file does not show the arguments of its forward method")
        guard let pickle = try zip.bytes(of: zip.first("/data.pkl")), let name = className(pickle),
            let source = try zip.bytes(of: zip.first("/code/" + name.module.replacing(".", with: "/") + ".py")),
            let text = String(validating: source, as: UTF8.self)
        else { return unknown }
        return header(text, class: name.name) ?? unknown
    }

    /// Protocol 2, then GLOBAL with a module and a name, a line each.
    static func className(_ pickle: [UInt8]) -> (module: String, name: String)? {
        guard pickle.starts(with: [0x80, 2, UInt8(ascii: "c")]) else { return nil }
        let lines = pickle.dropFirst(3).prefix(4096).split(
            separator: UInt8(ascii: "\n"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard lines.count == 3, let module = String(validating: lines[0], as: UTF8.self),
            let name = String(validating: lines[1], as: UTF8.self)
        else { return nil }
        return (module, name)
    }

    static func header(_ source: String, class name: String) -> ModelHeader? {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("class \(name)(") }) else { return nil }
        let body = lines[(start + 1)...].prefix { !$0.hasPrefix("class ") }
        guard let method = body.firstIndex(where: { $0.hasPrefix("  def forward(") }) else { return nil }
        let text = body[method...].joined(separator: " ").drop { $0 != "(" }.dropFirst()
        var parts: [String] = []
        var current = ""
        var depth = 0
        var rest = Substring()
        for index in text.indices {
            let character = text[index]
            if "([{".contains(character) { depth += 1 }
            if ")]}".contains(character) { depth -= 1 }
            if depth < 0 {
                rest = text[text.index(after: index)...]
                break
            }
            if character == ",", depth == 0 {
                parts.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        parts.append(current)
        guard let arrow = rest.firstRange(of: "->") else { return nil }
        let result = rest[arrow.upperBound...].trimmed
        var header = ModelHeader(signature: ModelSignature(inputs: [], outputs: []))
        for part in parts.dropFirst() { read(argument: part.trimmed, &header) }
        read(result: result, &header)
        return header
    }

    private static func read(argument: String, _ header: inout ModelHeader) {
        guard let colon = argument.firstIndex(of: ":") else { return }
        let type = argument[argument.index(after: colon)...]
        let isRequired = !type.contains("=") && !type.trimmed.hasPrefix("Optional[")
        let word = type.prefix { $0 != "=" }.trimmed
        let name = argument[..<colon].trimmed
        if word != "Tensor", isRequired, header.problem == nil {
            header.problem =
                "the argument \"\(name)\" of forward is \(word) and not a Tensor; trace the model with tensors"
        }
        header.signature?.inputs.append(.init(name: name, type: "", required: isRequired))
    }

    /// `Tensor:`, `Tuple[Tensor, Tensor]:` … up to the colon that opens the body.
    private static func read(result: String, _ header: inout ModelHeader) {
        func count(_ count: Int) {
            header.signature?.outputs = (0..<count).map { .init(name: "OUTPUT__\($0)", type: "") }
        }
        if result.hasPrefix("Tensor:") { return count(1) }
        if result.hasPrefix("Tuple["), let end = result.firstIndex(of: "]") {
            let types = result[..<end].dropFirst("Tuple[".count).split(separator: ",").map(\.trimmed)
            if types.allSatisfy({ $0 == "Tensor" }), result[end...].hasPrefix("]:") { return count(types.count) }
        }
        let type = result.prefix { $0 != ":" }
        if header.problem == nil {
            header.problem =
                "forward returns \(type.prefix(80)), not a Tensor or a tuple of them; wrap the model so that it does"
        }
    }
}
