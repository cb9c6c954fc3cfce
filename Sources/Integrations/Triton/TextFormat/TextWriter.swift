/// Writes protobuf text format, one field a line, two spaces a level; lists of scalars on one line.
struct TextWriter {
    private(set) var text = ""

    static func text(_ fields: [TextField]) -> String {
        var writer = TextWriter()
        writer.write(fields, indentation: "")
        return writer.text
    }

    private mutating func write(_ fields: [TextField], indentation: String) {
        for field in fields {
            if field.isList {
                let values = field.values.map { Self.scalar($0.content) }.joined(separator: ", ")
                text += "\(indentation)\(field.name): [\(values.isEmpty ? "" : " \(values)") ]\n"
                continue
            }
            for value in field.values {
                switch value.content {
                case .message(let members) where members.isEmpty: text += "\(indentation)\(field.name) { }\n"
                case .message(let members):
                    text += "\(indentation)\(field.name) {\n"
                    write(members, indentation: indentation + "  ")
                    text += "\(indentation)}\n"
                case let content: text += "\(indentation)\(field.name): \(Self.scalar(content))\n"
                }
            }
        }
    }

    private static func scalar(_ content: TextValue.Content) -> String {
        switch content {
        case .string(let string): quoted(string)
        case .integer(let magnitude, let isNegative): "\(isNegative ? "-" : "")\(magnitude)"
        case .float(let number):
            number.isNaN ? "nan" : number.isInfinite ? (number < 0 ? "-inf" : "inf") : "\(number)"
        case .word(let word): word
        case .message: ""
        }
    }

    private static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let octal = String(scalar.value, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
