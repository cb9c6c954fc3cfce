package import JSON

/// An OpenAPI 3.1 document as Swagger 2.0, for programs that were made for ODAHU's. The definitions keep their names.
///
/// What Swagger cannot say is left out: alternatives of schemas, and several media types with a schema each.
///
/// Source: OpenAPI specification, versions 2.0 and 3.1.1.
package struct SwaggerDocument {
    private let document: JSONValue

    package init(_ openAPI: JSONValue) { document = openAPI }

    package var value: JSONValue {
        var info = document["info"]?.objectValue ?? [:]
        info["summary"] = nil
        let components = document["components"]
        return .object([
            "swagger": "2.0",
            "info": .object(info),
            "basePath": "/",
            "tags": document["tags"] ?? [],
            "paths": Self.mapped(document["paths"], path),
            "parameters": Self.mapped(components?["parameters"], parameter),
            "responses": Self.mapped(components?["responses"], response),
            "definitions": Self.mapped(components?["schemas"], SwaggerSchema.definition),
        ])
    }

    private static func mapped(_ object: JSONValue?, _ transform: (JSONValue) -> JSONValue) -> JSONValue {
        .object((object?.objectValue ?? [:]).mapValues(transform))
    }

    private func path(_ item: JSONValue) -> JSONValue {
        let members = item.objectValue ?? [:]
        return .object(
            Dictionary(
                uniqueKeysWithValues: members.map { name, value in
                    (name, name == "parameters" ? .array(value.arrayValue?.map(parameter) ?? []) : operation(value))
                }
            )
        )
    }

    private func operation(_ operation: JSONValue) -> JSONValue {
        var members = (operation.objectValue ?? [:]).filter { $0.key != "requestBody" }
        var parameters = operation["parameters"]?.arrayValue?.map(parameter) ?? []
        if let body = operation["requestBody"], let (types, content) = Self.content(body) {
            parameters.append([
                "name": "body", "in": "body", "required": body["required"] ?? false,
                "schema": SwaggerSchema.definition(content["schema"] ?? [:]),
            ])
            members["consumes"] = .array(types)
        }
        members["parameters"] = parameters.isEmpty ? nil : .array(parameters)
        let responses = operation["responses"]
        members["produces"] = .array(produced(by: responses).sorted().map(JSONValue.string))
        members["responses"] = Self.mapped(responses, response)
        return .object(members)
    }

    private func produced(by responses: JSONValue?) -> Set<String> {
        let contents = (responses?.objectValue ?? [:]).values.map { resolved($0)["content"]?.objectValue ?? [:] }
        return Set(contents.flatMap(\.keys))
    }

    /// What a reference to a component leads to.
    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.stringValue else { return value }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
    }

    private func parameter(_ parameter: JSONValue) -> JSONValue {
        if let reference = SwaggerSchema.reference(parameter) { return reference }
        var members = (parameter.objectValue ?? [:]).filter { !["schema", "example", "examples"].contains($0.key) }
        members["x-example"] = parameter["example"]
        // Outside of a body there are no references to schemas.
        let resolved = resolved(parameter["schema"] ?? [:])
        guard case .object(let schema) = SwaggerSchema.definition(resolved) else { return .null }
        members.merge(schema) { own, _ in own }
        // In a query, a list is the parameter repeated.
        if members["type"] == "array" { members["collectionFormat"] = "multi" }
        return .object(members)
    }

    private func response(_ response: JSONValue) -> JSONValue {
        if let reference = SwaggerSchema.reference(response) { return reference }
        var members = (response.objectValue ?? [:]).filter { $0.key != "content" }
        if let (types, content) = Self.content(response), let type = types.first?.stringValue {
            members["schema"] = content["schema"].map(SwaggerSchema.definition)
            members["examples"] = content["example"].map { .object([type: $0]) }
        }
        return .object(members)
    }

    /// The media types of a body, and the content of the first of them, which is JSON if any is.
    private static func content(_ body: JSONValue) -> (types: [JSONValue], first: JSONValue)? {
        let contents = (body["content"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
        guard let first = contents.first else { return nil }
        return (contents.map { .string($0.key) }, first.value)
    }
}
