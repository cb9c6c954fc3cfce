import JSON

/// Arguments against the schema that an integration gives for them, with the messages of ODAHU's validator (gojsonschema):
/// an object of these properties and no others.
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
            errors += property.schema.errors(in: value, at: property.name)
        }
        return errors
    }
}

extension PackagingIntegration.Property {
    /// Its parameters as the JSON schema that they are.
    var schema: JSONSchema {
        JSONSchema(.object(Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }))
    }
}
