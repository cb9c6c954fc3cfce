import JSON

/// The checks that an integration passes before it is stored.
enum IntegrationValidation {
    /// All of ODAHU's: integrations that also name types of which there are no connections here are fine.
    private static let connectionTypes = ["s3", "gcs", "azureblob", "git", "docker", "ecr", "file"]

    /// A sentence for each thing that is wrong, in ODAHU's words and order.
    static func errors(_ integration: PackagingIntegration) -> [String] {
        var errors = EntityID.errors(integration.id)
        if integration.spec.entrypoint.isEmpty { errors.append("empty entrypoint") }
        if integration.spec.defaultImage.isEmpty { errors.append("empty defaultImage") }
        for target in integration.spec.schema.targets ?? [] {
            if target.name.isEmpty { errors.append("one of target has empty name") }
            if target.connectionTypes.isEmpty {
                errors.append("\(target.name) target must have at least one connection type")
            }
            for type in target.connectionTypes where !connectionTypes.contains(type) {
                errors.append("\(target.name) target have unknown connection type: \(type)")
            }
        }
        return errors + (integration.spec.schema.arguments?.properties ?? []).compactMap(schemaError)
    }

    private static func schemaError(_ property: PackagingIntegration.Property) -> String? {
        if property.name.isEmpty { return "arguments have not valid json schema: a property has no name" }
        if let pattern = property["pattern"]?.stringValue {
            do { _ = try Regex(pattern) } catch {
                return "arguments have not valid json schema: the pattern of \(property.name) is no regular expression"
            }
        }
        let types = ["string", "integer", "number", "boolean", "array", "object", "null"]
        let named = property["type"].map { $0.arrayValue?.compactMap(\.stringValue) ?? [$0.stringValue ?? ""] } ?? []
        if let unknown = named.first(where: { !types.contains($0) }) {
            return "arguments have not valid json schema: \(property.name) has the unknown type \"\(unknown)\""
        }
        return nil
    }
}
