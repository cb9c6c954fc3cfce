package import JSON

extension PackagingIntegration.Schema {
    /// The arguments, and the default of each one that is not given or null.
    package func withDefaults(_ given: [String: JSONValue]) -> [String: JSONValue] {
        var arguments = given.filter { $0.value != .null }
        for property in self.arguments?.properties ?? [] where arguments[property.name] == nil {
            arguments[property.name] = property["default"]
        }
        return arguments
    }
}
