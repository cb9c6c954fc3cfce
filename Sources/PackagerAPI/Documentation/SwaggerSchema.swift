import JSON

/// Schemas of OpenAPI 3.1 (JSON Schema 2020-12) as those of Swagger 2.0.
enum SwaggerSchema {
    private static let kept: Set = [
        "title", "description", "default", "format", "enum", "pattern", "multipleOf", "minimum", "maximum", "minLength",
        "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "readOnly",
        "example",
    ]

    static func definition(_ schema: JSONValue) -> JSONValue {
        if let reference = reference(schema) { return reference }
        guard let members = schema.objectValue else { return [:] }
        var definition = members.filter { kept.contains($0.key) }
        let types = members["type"].map { $0.arrayValue ?? [$0] } ?? []
        definition["type"] = types.first { $0 != "null" }
        if types.contains("null") { definition["x-nullable"] = true }
        definition["enum"] = members["enum"] ?? members["const"].map { .array([$0]) }
        definition["items"] = members["items"].map(Self.definition)
        definition["properties"] = members["properties"]?.objectValue.map { .object($0.mapValues(Self.definition)) }
        if let additional = members["additionalProperties"] {
            definition["additionalProperties"] = additional.boolValue == nil ? Self.definition(additional) : additional
        }
        return .object(definition)
    }

    /// A reference to a component, as it is in Swagger; nil for anything else.
    static func reference(_ value: JSONValue) -> JSONValue? {
        guard let reference = value["$ref"]?.stringValue else { return nil }
        let target = reference.replacing("#/components/schemas/", with: "#/definitions/")
            .replacing("#/components/", with: "#/")
        return .object(["$ref": .string(target)])
    }
}
