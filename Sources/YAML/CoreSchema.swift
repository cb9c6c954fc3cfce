import JSON

/// What a plain scalar means. Source: YAML 1.2.2, section 10.3.2, without octal, hexadecimal, infinity and NaN.
struct CoreSchema {
    var numbersAsStrings = false

    func value(plain text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: numbersAsStrings ? .string(text) : number(text) ?? .string(text)
        }
    }

    /// The value under one of the standard tags, in their short form ("int"); nil when the text does not fit.
    func value(_ text: String, tagged tag: String) -> JSONValue? {
        switch (tag, value(plain: text)) {
        case ("str", _): .string(text)
        case ("null", .null): .null
        case ("bool", .bool(let bool)): .bool(bool)
        case ("int", _):
            if case .integer(let integer)? = number(text) {
                numbersAsStrings ? .string(text) : .integer(integer)
            } else {
                nil
            }
        case ("float", _):
            switch number(text) {
            case .integer(let integer): numbersAsStrings ? .string(text) : .number(Double(integer))
            case .number(let number): numbersAsStrings ? .string(text) : .number(number)
            default: nil
            }
        default: nil
        }
    }

    /// `[-+]?[0-9]+` or `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; nil beyond what a double holds too.
    func number(_ text: String) -> JSONValue? {
        var rest = Substring(text)
        func dropSign() { if rest.first == "-" || rest.first == "+" { rest.removeFirst() } }
        func takeDigits() -> Int {
            let digits = rest.utf8.prefix { (0x30...0x39).contains($0) }.count
            rest = Substring(rest.utf8.dropFirst(digits))
            return digits
        }
        dropSign()
        let whole = takeDigits()
        if rest.isEmpty, whole > 0, let integer = Int64(text) { return .integer(integer) }
        var fraction = 0
        if rest.first == "." {
            rest.removeFirst()
            fraction = takeDigits()
        }
        guard whole + fraction > 0 else { return nil }
        if rest.first == "e" || rest.first == "E" {
            rest.removeFirst()
            dropSign()
            guard takeDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let number = Double(text), number.isFinite else { return nil }
        return .number(number)
    }
}
