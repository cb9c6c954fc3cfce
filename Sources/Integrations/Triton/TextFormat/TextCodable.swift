/// What a field of a message can hold: scalars, enumerations and messages.
protocol TextCodable: Sendable, Hashable {
    /// - Throws: ``TritonError`` `textFormat` for a value of another type or out of range.
    init(_ value: TextValue, of field: String) throws
    var textContent: TextValue.Content { get }
    static var isMessage: Bool { get }
}

extension TextCodable {
    static var isMessage: Bool { false }
}

extension String: TextCodable {
    init(_ value: TextValue, of field: String) throws {
        guard case .string(let text) = value.content else {
            throw value.position.error("\(field) takes a string in quotes, not \(value.kindName)")
        }
        self = text
    }

    var textContent: TextValue.Content { .string(self) }
}

extension Bool: TextCodable {
    init(_ value: TextValue, of field: String) throws {
        switch value.content {
        case .word("true"), .word("True"), .word("t"), .integer(magnitude: 1, isNegative: false): self = true
        case .word("false"), .word("False"), .word("f"), .integer(magnitude: 0, isNegative: false): self = false
        default: throw value.position.error("\(field) takes true or false, not \(value.kindName)")
        }
    }

    var textContent: TextValue.Content { .word(self ? "true" : "false") }
}

extension TextCodable where Self: FixedWidthInteger {
    init(_ value: TextValue, of field: String) throws {
        guard case .integer(let magnitude, let isNegative) = value.content else {
            throw value.position.error("\(field) takes a whole number, not \(value.kindName)")
        }
        guard let number = Self(exactly: isNegative ? -Int128(magnitude) : Int128(magnitude)) else {
            throw value.position.error("\(field) takes a whole number from \(Self.min) to \(Self.max)")
        }
        self = number
    }

    var textContent: TextValue.Content { .integer(magnitude: UInt64(magnitude), isNegative: self < 0) }
}

extension Int32: TextCodable {}
extension Int64: TextCodable {}
extension UInt32: TextCodable {}
extension UInt64: TextCodable {}

extension Double: TextCodable {
    init(_ value: TextValue, of field: String) throws {
        switch value.content {
        case .float(let number): self = number
        case .integer(let magnitude, let isNegative): self = isNegative ? -Double(magnitude) : Double(magnitude)
        case .word, .string, .message:
            guard case .word(let word) = value.content, let number = Double(nameOfNumber: word) else {
                throw value.position.error("\(field) takes a number, not \(value.kindName)")
            }
            self = number
        }
    }

    var textContent: TextValue.Content { .float(self) }
}

/// An enumeration of the schema: raw values are the schema's names, in the order of their numbers from 0.
protocol TextEnumeration: TextCodable, RawRepresentable, CaseIterable where RawValue == String {}

extension TextEnumeration {
    init(_ value: TextValue, of field: String) throws {
        let found: Self? =
            switch value.content {
            case .word(let word): Self(rawValue: word)
            case .integer(let number, false): Self.allCases.dropFirst(Int(clamping: number)).first
            default: nil
            }
        guard let found else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw value.position.error("\(field) is one of \(names), not \(value.kindName)")
        }
        self = found
    }

    var textContent: TextValue.Content { .word(rawValue) }
}
