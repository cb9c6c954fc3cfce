import JSON

/// The checks that an integration passes before it is stored.
enum IntegrationValidation {
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
            for type in target.connectionTypes where !ConnectionValidation.supportedTypes.contains(type) {
                errors.append("\(target.name) target have unknown connection type: \(type)")
            }
        }
        return errors
            + (integration.spec.schema.arguments?.properties ?? []).flatMap { property in
                let problems =
                    property.name.isEmpty ? ["a property has no name"] : property.schema.problems(at: property.name)
                return problems.map { "arguments have not valid json schema: \($0)" }
            }
    }
}
