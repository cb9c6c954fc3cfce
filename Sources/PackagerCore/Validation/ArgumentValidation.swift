import JSON

/// Arguments against the schema that an integration gives for them, with the messages of ODAHU's validator (gojsonschema).
///
/// Source: JSON Schema validation, draft 6: `type`, `enum`, bounds, lengths, `multipleOf`, `pattern`.
struct ArgumentValidation {
    let schema: PackagingIntegration.ArgumentSchema

    /// `field: description` for each violation.
    func errors(in arguments: [String: JSONValue]) -> [String] {
        let properties = schema.properties ?? []
        var errors: [String] = []
        for name in schema.required ?? [] where arguments[name] == nil { errors.append("(root): \(name) is required") }
        for name in arguments.keys.sorted() where !properties.contains(where: { $0.name == name }) {
            errors.append("(root): Additional property \(name) is not allowed")
        }
        for property in properties {
            guard let value = arguments[property.name] else { continue }
            errors += Self.errors(in: value, of: property).map { "\(property.name): \($0)" }
        }
        return errors
    }

    private static func errors(in value: JSONValue, of property: PackagingIntegration.Property) -> [String] {
        let types = property["type"].map { $0.arrayValue?.compactMap(\.stringValue) ?? [$0.stringValue ?? ""] } ?? []
        if !types.isEmpty, !types.contains(where: { value.isOfType($0) }) {
            let expected = types.count == 1 ? types[0] : "[\(types.joined(separator: ","))]"
            return ["Invalid type. Expected: \(expected), given: \(value.typeName)"]
        }
        var errors: [String] = []
        if let allowed = property["enum"]?.arrayValue, !allowed.contains(where: { $0.equals(value) }) {
            let list = allowed.map { (try? encodeText($0)) ?? "" }.joined(separator: ", ")
            errors.append("\(property.name) must be one of the following: \(list)")
        }
        if let number = value.doubleValue { errors += numberErrors(number, property) }
        if let text = value.stringValue { errors += textErrors(text, property) }
        return errors
    }

    private static func numberErrors(_ number: Double, _ property: PackagingIntegration.Property) -> [String] {
        var errors: [String] = []
        if let factor = property["multipleOf"], let value = factor.doubleValue, value != 0,
            (number / value).rounded() != number / value
        {
            errors.append("Must be a multiple of \(factor.numberText)")
        }
        // In draft 4 `exclusiveMinimum` is a boolean beside `minimum`, since draft 6 a bound of its own.
        if let minimum = property["minimum"], let value = minimum.doubleValue {
            if property["exclusiveMinimum"]?.boolValue == true {
                if number <= value { errors.append("Must be greater than \(minimum.numberText)") }
            } else if number < value {
                errors.append("Must be greater than or equal to \(minimum.numberText)")
            }
        }
        if let minimum = property["exclusiveMinimum"], let value = minimum.doubleValue, number <= value {
            errors.append("Must be greater than \(minimum.numberText)")
        }
        if let maximum = property["maximum"], let value = maximum.doubleValue {
            if property["exclusiveMaximum"]?.boolValue == true {
                if number >= value { errors.append("Must be less than \(maximum.numberText)") }
            } else if number > value {
                errors.append("Must be less than or equal to \(maximum.numberText)")
            }
        }
        if let maximum = property["exclusiveMaximum"], let value = maximum.doubleValue, number >= value {
            errors.append("Must be less than \(maximum.numberText)")
        }
        return errors
    }

    private static func textErrors(_ text: String, _ property: PackagingIntegration.Property) -> [String] {
        var errors: [String] = []
        let length = Int64(text.unicodeScalars.count)
        if let minimum = property["minLength"]?.integerValue, length < minimum {
            errors.append("String length must be greater than or equal to \(minimum)")
        }
        if let maximum = property["maxLength"]?.integerValue, length > maximum {
            errors.append("String length must be less than or equal to \(maximum)")
        }
        if let pattern = property["pattern"]?.stringValue, let regex = try? Regex(pattern),
            (try? regex.firstMatch(in: text)) == nil
        {
            errors.append("Does not match pattern '\(pattern)'")
        }
        return errors
    }
}

extension JSONValue {
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number(let number): Int64(exactly: number) == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    fileprivate func isOfType(_ type: String) -> Bool { typeName == type || type == "number" && typeName == "integer" }

    fileprivate var doubleValue: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    fileprivate var numberText: String { integerValue.map(String.init) ?? doubleValue.map { String($0) } ?? "" }

    /// Equality in which 4 and 4.0 are the same.
    fileprivate func equals(_ other: JSONValue) -> Bool {
        if let one = doubleValue, let two = other.doubleValue { one == two } else { self == other }
    }
}
