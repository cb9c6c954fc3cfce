import FoundationEssentials
package import JSON

extension PackagingIntegration {
    private var properties: [Property] { spec.schema.arguments?.properties ?? [] }

    /// - Throws: ``ServiceError`` `invalid` with everything that the schema does not allow, in ODAHU's words.
    package func check(arguments: [String: JSONValue]) throws {
        let schema = spec.schema.arguments ?? ArgumentSchema(properties: [])
        let violations = ArgumentValidation(schema: schema).errors(in: arguments)
        guard violations.isEmpty else {
            throw ServiceError(.invalid, "argument validation is failed: [\(violations.joined(separator: " "))]")
        }
    }

    /// Arguments as they are written on a command line, `NAME=VALUE`, typed as the schema says.
    ///
    /// - Throws: ``ServiceError`` `invalid` for one that is written otherwise.
    package func parse(arguments: [String]) throws -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ServiceError(.invalid, "the argument \"\(argument)\" is not of the form NAME=VALUE")
            }
            let type = properties.first { $0.name == parts[0] }?["type"]?.stringValue
            let typed = type == "string" ? nil : try? CanonicalJSON.decode(JSONValue.self, from: Data(parts[1].utf8))
            values[parts[0]] = typed ?? .string(parts[1])
        }
        return values
    }
}
