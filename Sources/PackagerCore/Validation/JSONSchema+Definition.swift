import JSON

extension JSONSchema {
    /// What a keyword's value has to be.
    private enum Form {
        case anything, text, number, factor, bound, count, flag, pattern, list, names, types
        case schema, schemas, namedSchemas, patternedSchemas, schemaOrSchemas, dependencies
    }

    private static let forms: [String: Form] = [
        "type": .types, "enum": .list, "const": .anything, "format": .text,
        "multipleOf": .factor, "minimum": .number, "maximum": .number, "exclusiveMinimum": .bound,
        "exclusiveMaximum": .bound,
        "minLength": .count, "maxLength": .count, "pattern": .pattern,
        "items": .schemaOrSchemas, "additionalItems": .schema, "minItems": .count, "maxItems": .count,
        "uniqueItems": .flag, "contains": .schema,
        "properties": .namedSchemas, "patternProperties": .patternedSchemas, "additionalProperties": .schema,
        "propertyNames": .schema, "required": .names, "minProperties": .count, "maxProperties": .count,
        "dependencies": .dependencies,
        "allOf": .schemas, "anyOf": .schemas, "oneOf": .schemas, "not": .schema, "if": .schema, "then": .schema,
        "else": .schema,
    ]

    /// What only tells people or programs about a value.
    private static let annotations: Set = [
        "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly",
        "contentEncoding", "contentMediaType", "$comment", "$id", "$schema",
    ]

    private static let types: Set = ["string", "integer", "number", "boolean", "array", "object", "null"]

    /// A sentence for each thing in the definition that is not well formed or that is not understood: nothing is passed over
    /// in silence.
    func problems(at path: String) -> [String] {
        if definition.boolValue != nil { return [] }
        guard let keywords = definition.objectValue else { return ["\(path) is no schema: \(definition.kind)"] }
        return keywords.sorted { $0.key < $1.key }.flatMap { keyword, value -> [String] in
            if Self.annotations.contains(keyword) || keyword.hasPrefix("x-") { return [] }
            guard let form = Self.forms[keyword] else {
                return ["\(path) has the keyword \"\(keyword)\", which is not understood"]
            }
            return Self.problems(of: value, as: form, keyword: keyword, at: path)
        }
    }

    private static func problems(of value: JSONValue, as form: Form, keyword: String, at path: String) -> [String] {
        func expect(_ isSo: Bool, _ what: String) -> [String] {
            isSo ? [] : ["the \(keyword) of \(path) must be \(what)"]
        }
        switch form {
        case .anything: return []
        case .text: return expect(value.stringValue != nil, "a string")
        case .number: return expect(value.doubleValue != nil, "a number")
        case .factor: return expect(value.doubleValue.map { $0 > 0 } ?? false, "a number greater than 0")
        case .bound: return expect(value.doubleValue != nil || value.boolValue != nil, "a number, or true or false")
        case .count: return expect(value.integerValue.map { $0 >= 0 } ?? false, "a whole number that is not negative")
        case .flag: return expect(value.boolValue != nil, "true or false")
        case .list: return expect(value.arrayValue?.isEmpty == false, "a list of values")
        case .names: return expect(value.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false, "a list of names")
        case .pattern:
            guard let text = value.stringValue else { return expect(false, "a string") }
            return isRegularExpression(text) ? [] : ["the pattern of \(path) is no regular expression"]
        case .types:
            let names = value.arrayValue ?? [value]
            let unknown = names.first { !types.contains($0.stringValue ?? "") }
            if names.isEmpty { return expect(false, "a type or several") }
            return unknown.map { ["\(path) has the unknown type \($0.text)"] } ?? []
        case .schema: return JSONSchema(value).problems(at: path)
        case .schemaOrSchemas where value.arrayValue == nil: return JSONSchema(value).problems(at: path)
        case .schemas, .schemaOrSchemas:
            guard let schemas = value.arrayValue, !schemas.isEmpty || form == .schemaOrSchemas else {
                return expect(false, "a list of schemas")
            }
            return schemas.flatMap { JSONSchema($0).problems(at: path) }
        case .namedSchemas, .patternedSchemas, .dependencies:
            guard let members = value.objectValue else { return expect(false, "an object") }
            return members.sorted { $0.key < $1.key }.flatMap { name, schema -> [String] in
                if form == .patternedSchemas, !isRegularExpression(name) {
                    return ["the pattern \"\(name)\" of \(path) is no regular expression"]
                }
                if form == .dependencies, let names = schema.arrayValue {
                    return expect(names.allSatisfy { $0.stringValue != nil }, "lists of names or schemas")
                }
                return JSONSchema(schema).problems(at: form == .namedSchemas ? "\(path).\(name)" : path)
            }
        }
    }

    private static func isRegularExpression(_ text: String) -> Bool { (try? Regex(text)) != nil }
}
