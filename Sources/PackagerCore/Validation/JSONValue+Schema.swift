import JSON

/// Values as JSON Schema sees them: numbers by what they are worth, however they are written.
extension JSONValue {
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number(let number): number.rounded() == number ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    func isOfType(_ type: String) -> Bool { typeName == type || type == "number" && typeName == "integer" }

    var doubleValue: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// 4.0 as 4.
    var numberText: String { integerValue.map(String.init) ?? doubleValue.map { String($0) } ?? "" }

    /// As JSON.
    var text: String { (try? encodeText(self)) ?? "" }

    /// Equality in which 4 and 4.0 are the same.
    func equals(_ other: JSONValue) -> Bool { comparable == other.comparable }

    /// The value with whole numbers as integers all through.
    var comparable: JSONValue {
        switch self {
        case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? self
        case .array(let elements): .array(elements.map(\.comparable))
        case .object(let members): .object(members.mapValues(\.comparable))
        case .null, .bool, .integer, .string: self
        }
    }
}
