import JSON

/// A JSON schema and what values violate of it, with the messages of ODAHU's validator (gojsonschema).
///
/// Every keyword of draft 7 but references; of draft 4, `exclusiveMinimum` and `exclusiveMaximum` as booleans too. What a
/// definition says that is not understood, ``problems(at:)`` tells.
///
/// Source: JSON Schema, draft 7, "Validation".
struct JSONSchema {
    /// An object of keywords, or true or false for everything or nothing.
    let definition: JSONValue

    init(_ definition: JSONValue) { self.definition = definition }

    subscript(_ keyword: String) -> JSONValue? { definition[keyword] }

    /// `field: description` for each violation.
    ///
    /// - Parameter path: of the value: `name`, `name.member`, `name.0`.
    func errors(in value: JSONValue, at path: String) -> [String] {
        if definition == .bool(false) { return ["\(path): False always fails validation"] }
        let types = typeNames
        if !types.isEmpty, !types.contains(where: value.isOfType) {
            let expected = types.count == 1 ? types[0] : "[\(types.joined(separator: ","))]"
            return ["\(path): Invalid type. Expected: \(expected), given: \(value.typeName)"]
        }
        let combined = combinationErrors(in: value, at: path)
        let common = commonErrors(in: value, at: path)
        func located(_ errors: [String]) -> [String] { errors.map { "\(path): \($0)" } }
        switch value {
        case .null, .bool: return combined + common
        case .integer, .number: return combined + located(numberErrors(value)) + common
        case .string(let text): return combined + common + located(textErrors(text))
        case .array(let elements): return combined + arrayErrors(elements, at: path) + common
        case .object(let members):
            return combined + located(objectErrors(members)) + common + memberErrors(members, at: path)
        }
    }

    func accepts(_ value: JSONValue) -> Bool { errors(in: value, at: "").isEmpty }

    /// `type`, which is one name or several.
    var typeNames: [String] {
        self["type"].map { $0.arrayValue?.compactMap(\.stringValue) ?? [$0.stringValue ?? ""] } ?? []
    }

    private func commonErrors(in value: JSONValue, at path: String) -> [String] {
        var errors: [String] = []
        if let constant = self["const"], !constant.equals(value) {
            errors.append("\(path): \(path) does not match: \(constant.text)")
        }
        if let allowed = self["enum"]?.arrayValue, !allowed.contains(where: { $0.equals(value) }) {
            let list = allowed.map(\.text).joined(separator: ", ")
            errors.append("\(path): \(path) must be one of the following: \(list)")
        }
        if let name = self["format"]?.stringValue, let text = value.stringValue,
            let format = TextFormat(rawValue: name),
            !format.accepts(text)
        {
            errors.append("\(path): Does not match format '\(name)'")
        }
        return errors
    }

    private func numberErrors(_ value: JSONValue) -> [String] {
        guard let number = value.doubleValue else { return [] }
        var errors: [String] = []
        if let factor = self["multipleOf"], let divisor = factor.doubleValue, divisor != 0 {
            // 0.3 is a multiple of 0.1, although it is none of the binary number nearest to 0.1.
            let quotient = number / divisor
            if !(abs(quotient.rounded() - quotient) <= 1e-9 * max(1, abs(quotient))) {
                errors.append("Must be a multiple of \(factor.numberText)")
            }
        }
        func bound(_ name: String, _ exclusiveName: String, _ word: String, _ breaks: (Double, Double) -> Bool) {
            let exclusive = self[exclusiveName]
            if let limit = self[name], let bound = limit.doubleValue {
                // In draft 4 the exclusive bound is a boolean beside the bound, since draft 6 a bound of its own.
                if exclusive?.boolValue == true {
                    if number == bound || breaks(number, bound) {
                        errors.append("Must be \(word) than \(limit.numberText)")
                    }
                } else if breaks(number, bound) {
                    errors.append("Must be \(word) than or equal to \(limit.numberText)")
                }
            }
            if let exclusive, let bound = exclusive.doubleValue, number == bound || breaks(number, bound) {
                errors.append("Must be \(word) than \(exclusive.numberText)")
            }
        }
        bound("maximum", "exclusiveMaximum", "less", >)
        bound("minimum", "exclusiveMinimum", "greater", <)
        return errors
    }

    private func textErrors(_ text: String) -> [String] {
        var errors: [String] = []
        let length = Int64(text.unicodeScalars.count)
        if let minimum = self["minLength"]?.integerValue, length < minimum {
            errors.append("String length must be greater than or equal to \(minimum)")
        }
        if let maximum = self["maxLength"]?.integerValue, length > maximum {
            errors.append("String length must be less than or equal to \(maximum)")
        }
        if let pattern = self["pattern"]?.stringValue, !Self.matches(text, pattern) {
            errors.append("Does not match pattern '\(pattern)'")
        }
        return errors
    }

    /// Anywhere in the text. A pattern that is no regular expression matches everything: ``problems(at:)`` refuses it.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return true }
        return (try? regex.firstMatch(in: text)) != nil
    }
}
