/// A field of a message in protobuf's text format, as it is written.
struct TextField: Sendable, Hashable {
    var name: String
    var position: TextPosition
    /// One, or as many as there are between brackets.
    var values: [TextValue]
    var isList: Bool

    init(_ name: String, at position: TextPosition = .none, _ values: [TextValue], isList: Bool = false) {
        self.name = name
        self.position = position
        self.values = values
        self.isList = isList
    }
}

struct TextValue: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case message([TextField])
        /// Quoted, escapes resolved.
        case string(String)
        case integer(magnitude: UInt64, isNegative: Bool)
        case float(Double)
        /// An identifier: a truth value or the name of an enumeration's value.
        case word(String)
    }

    var content: Content
    var position: TextPosition

    init(_ content: Content, at position: TextPosition = .none) {
        self.content = content
        self.position = position
    }

    /// What it is, for errors.
    var kindName: String {
        switch content {
        case .message: "a message"
        case .string(let text): "the string \"\(text.prefix(40))\""
        case .integer(let magnitude, let isNegative): "\(isNegative ? "-" : "")\(magnitude)"
        case .float(let number): "\(number)"
        case .word(let word): word
        }
    }
}

/// Where something is in a file; both numbers start at 1, columns are bytes.
struct TextPosition: Sendable, Hashable, CustomStringConvertible {
    var line: Int
    var column: Int

    /// Of what is not read from a file.
    static let none = TextPosition(line: 0, column: 0)

    var description: String { "line \(line), column \(column)" }

    func error(_ reason: String) -> TritonError {
        TritonError(.textFormat, self == .none ? reason : "\(self): \(reason)")
    }
}
