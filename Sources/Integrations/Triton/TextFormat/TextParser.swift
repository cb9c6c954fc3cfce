/// Reads protobuf text format to a tree that knows no message types.
///
/// Accepts what the C++ parser that Triton uses accepts: comments, `:` left out before messages, `{}` and `<>`, lists,
/// adjacent strings, `,` and `;` between fields. Extensions and `Any` are refused; no configuration has them.
struct TextParser {
    /// More than any message nests, less than a stack holds.
    private static let deepest = 64

    private var tokenizer: TextTokenizer
    private var token: TextTokenizer.Token = .end
    private var position = TextPosition(line: 1, column: 1)

    /// - Throws: ``TritonError`` `textFormat` with line and column.
    static func parse(_ text: String) throws -> [TextField] {
        var parser = TextParser(tokenizer: TextTokenizer(text))
        try parser.advance()
        return try parser.fields(until: nil, depth: 0)
    }

    private init(tokenizer: TextTokenizer) { self.tokenizer = tokenizer }

    private mutating func advance() throws { (token, position) = try tokenizer.next() }

    private mutating func consume(_ symbol: Character) throws -> Bool {
        guard let byte = symbol.asciiValue, token == .symbol(byte) else { return false }
        try advance()
        return true
    }

    /// - Parameter closing: what ends the message; nil for the end of the file.
    private mutating func fields(until closing: Character?, depth: Int) throws -> [TextField] {
        guard depth < Self.deepest else { throw position.error("messages are nested more than \(Self.deepest) deep") }
        var fields: [TextField] = []
        while true {
            if let closing {
                if try consume(closing) { return fields }
                if token == .end { throw position.error("\(closing) is missing") }
            } else if token == .end {
                return fields
            }
            fields.append(try field(depth: depth))
        }
    }

    private mutating func field(depth: Int) throws -> TextField {
        let start = position
        guard case .identifier(let name) = token else { throw start.error("the name of a field is due here") }
        try advance()
        let hasColon = try consume(":")
        var field = TextField(name, at: start, [])
        if try consume("[") {
            field.isList = true
            if try !consume("]") {
                repeat {
                    field.values.append(try value(of: name, hasColon: hasColon, depth: depth))
                } while try consume(",")
                guard try consume("]") else { throw position.error("the list \(name) needs , or ] here") }
            }
        } else {
            field.values = [try value(of: name, hasColon: hasColon, depth: depth)]
        }
        if try !consume(",") { _ = try consume(";") }
        return field
    }

    private mutating func value(of name: String, hasColon: Bool, depth: Int) throws -> TextValue {
        let start = position
        for (opening, closing) in [("{", "}"), ("<", ">")] as [(Character, Character)] where try consume(opening) {
            return TextValue(.message(try fields(until: closing, depth: depth + 1)), at: start)
        }
        guard hasColon else { throw start.error("the field \(name) needs : before its value") }
        let isNegative = try consume("-")
        switch token {
        case .integer(let magnitude):
            try advance()
            return TextValue(.integer(magnitude: magnitude, isNegative: isNegative), at: start)
        case .float(let number):
            try advance()
            return TextValue(.float(isNegative ? -number : number), at: start)
        case .identifier(let word):
            try advance()
            guard isNegative else { return TextValue(.word(word), at: start) }
            guard let number = Double(nameOfNumber: word) else { throw start.error("-\(word) is not a number") }
            return TextValue(.float(-number), at: start)
        case .string where !isNegative: return TextValue(.string(try adjacentStrings()), at: start)
        default: throw start.error("the field \(name) has no value")
        }
    }

    private mutating func adjacentStrings() throws -> String {
        let start = position
        var bytes: [UInt8] = []
        while case .string(let part) = token {
            bytes += part
            try advance()
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw start.error("the string is not UTF-8") }
        return text
    }
}

extension Double {
    /// `inf`, `infinity` or `nan` in any case.
    init?(nameOfNumber word: String) {
        switch word.lowercased() {
        case "inf", "infinity", "inff": self = .infinity
        case "nan", "nanf": self = .nan
        default: return nil
        }
    }
}
