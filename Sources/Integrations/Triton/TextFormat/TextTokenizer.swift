/// Splits protobuf text format into tokens.
///
/// Source: the Text Format Language Specification, "Lexical Elements".
struct TextTokenizer {
    enum Token: Equatable {
        case identifier(String)
        case integer(UInt64)
        case float(Double)
        case string([UInt8])
        case symbol(UInt8)
        case end
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1
    private var lineStart = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    private var position: TextPosition { TextPosition(line: line, column: offset - lineStart + 1) }
    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func next() throws -> (token: Token, position: TextPosition) {
        skipSpace()
        let start = position
        guard let byte = current else { return (.end, start) }
        if byte.isIdentifierStart { return (.identifier(take(while: \.isIdentifierPart)), start) }
        if byte.isDigit || byte == UInt8(ascii: ".") { return (try number(start), start) }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return (.string(try string(start)), start) }
        guard "{}<>[]:;,-/".utf8.contains(byte) else {
            let shown = byte < 0x7F && byte > 0x20 ? String(decoding: [byte], as: UTF8.self) : "byte \(byte)"
            throw start.error("\(shown) has no meaning here")
        }
        offset += 1
        return (.symbol(byte), start)
    }

    private mutating func skipSpace() {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let other = current, other != UInt8(ascii: "\n") { offset += 1 }
            } else if byte == UInt8(ascii: "\n") {
                offset += 1
                line += 1
                lineStart = offset
            } else if byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) {
                offset += 1
            } else {
                return
            }
        }
    }

    private mutating func take(while isIncluded: (UInt8) -> Bool) -> String {
        let start = offset
        while let byte = current, isIncluded(byte) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func number(_ start: TextPosition) throws -> Token {
        let from = offset
        while let byte = current {
            let previous = offset > from ? bytes[offset - 1] | 0x20 : 0
            let isHexadecimal = offset > from + 1 && bytes[from] == UInt8(ascii: "0") && bytes[from + 1] | 0x20 == 0x78
            let isSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && previous == UInt8(ascii: "e")
                && !isHexadecimal
            guard byte.isIdentifierPart || byte == UInt8(ascii: ".") || isSign else { break }
            offset += 1
        }
        let text = String(decoding: bytes[from..<offset], as: UTF8.self).lowercased()
        guard let token = Self.number(text) else { throw start.error("\(text) is not a number") }
        return token
    }

    /// Decimal, octal (`017`) and hexadecimal integers; floats, also with the suffix `f`. Nil for anything else.
    private static func number(_ text: String) -> Token? {
        if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map { .integer($0) } }
        if text.count > 1, text.hasPrefix("0"), text.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return UInt64(text, radix: 8).map { .integer($0) }
        }
        if text.allSatisfy({ $0.isASCII && $0.isNumber }), let integer = UInt64(text) { return .integer(integer) }
        var digits = Substring(text)
        if digits.hasSuffix("f") { digits.removeLast() }
        guard let last = digits.last, last.isNumber || last == ".", digits.contains(where: \.isNumber),
            digits.allSatisfy({ $0.isNumber || ".e+-".contains($0) })
        else { return nil }
        return Double(digits.hasSuffix(".") ? digits + "0" : digits).map { .float($0) }
    }

    private mutating func string(_ start: TextPosition) throws -> [UInt8] {
        let quote = bytes[offset]
        offset += 1
        var result: [UInt8] = []
        while let byte = current {
            offset += 1
            switch byte {
            case quote: return result
            case UInt8(ascii: "\n"): throw start.error("the string does not end on its line")
            case UInt8(ascii: "\\"): try escape(into: &result)
            default: result.append(byte)
            }
        }
        throw start.error("the string does not end")
    }

    private mutating func escape(into result: inout [UInt8]) throws {
        let start = position
        guard let byte = current else { throw start.error("the string does not end") }
        offset += 1
        if let plain = Self.escapes[byte] {
            result.append(plain)
        } else if byte.isOctal {
            offset -= 1
            let value = digits(atMost: 3, radix: 8)
            guard let value, value < 256 else { throw start.error("the octal escape is larger than a byte") }
            result.append(UInt8(value))
        } else if byte == UInt8(ascii: "x") || byte == UInt8(ascii: "X") {
            guard let value = digits(atMost: 2, radix: 16) else { throw start.error("\\x needs hexadecimal digits") }
            result.append(UInt8(value))
        } else if byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") {
            let count = byte == UInt8(ascii: "u") ? 4 : 8
            let before = offset
            guard let value = digits(atMost: count, radix: 16), offset == before + count,
                let scalar = Unicode.Scalar(value)
            else { throw start.error("the escape is no Unicode character") }
            result += Array(String(Character(scalar)).utf8)
        } else {
            throw start.error("\\\(String(decoding: [byte], as: UTF8.self)) is no escape")
        }
    }

    /// The value of up to `count` digits; nil when there is none.
    private mutating func digits(atMost count: Int, radix: Int) -> UInt32? {
        let start = offset
        while offset < min(start + count, bytes.count), bytes[offset].isHexadecimal,
            radix == 16 || bytes[offset].isOctal
        {
            offset += 1
        }
        return UInt32(String(decoding: bytes[start..<offset], as: UTF8.self), radix: radix)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "?"): UInt8(ascii: "?"),
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\""): UInt8(ascii: "\""),
    ]
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isOctal: Bool { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(self) }
    fileprivate var isHexadecimal: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
    fileprivate var isIdentifierStart: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
    }
    fileprivate var isIdentifierPart: Bool { isIdentifierStart || isDigit }
}
