package import FoundationEssentials
package import JSON

/// A way to package models: what it needs to be told and where its result can go. Field names are ODAHU's.
package struct PackagingIntegration: Sendable, Hashable, Codable {
    package var id: String
    package var createdAt: Date?
    package var updatedAt: Date?
    package var spec: Spec
    package var status: JSONValue?

    package init(id: String, spec: Spec) {
        self.id = id
        self.spec = spec
    }

    package struct Spec: Sendable, Hashable, Codable {
        package var entrypoint: String
        package var defaultImage: String
        package var privileged: Bool?
        package var schema: Schema

        package init(entrypoint: String, defaultImage: String, schema: Schema) {
            self.entrypoint = entrypoint
            self.defaultImage = defaultImage
            self.schema = schema
        }
    }

    package struct Schema: Sendable, Hashable, Codable {
        package var targets: [TargetSchema]?
        package var arguments: ArgumentSchema?

        package init(targets: [TargetSchema], arguments: ArgumentSchema) {
            self.targets = targets
            self.arguments = arguments
        }
    }

    package struct TargetSchema: Sendable, Hashable, Codable {
        package var name: String
        package var connectionTypes: [String]
        /// The connection that is taken when the packaging names none; "" for none.
        package var `default`: String
        package var required: Bool

        package init(name: String, connectionTypes: [String], default: String, required: Bool) {
            self.name = name
            self.connectionTypes = connectionTypes
            self.default = `default`
            self.required = required
        }
    }

    package struct ArgumentSchema: Sendable, Hashable, Codable {
        package var required: [String]?
        package var properties: [Property]?

        package init(properties: [Property], required: [String]? = nil) {
            self.properties = properties
            self.required = required
        }
    }

    /// One argument: `parameters` are the members of its JSON schema, `default` and `description` among them.
    package struct Property: Sendable, Hashable, Codable {
        package struct Parameter: Sendable, Hashable, Codable {
            package var name: String
            package var value: JSONValue
        }

        package var name: String
        package var parameters: [Parameter]

        package init(_ name: String, _ schema: KeyValuePairs<String, JSONValue>) {
            self.name = name
            parameters = schema.map { Parameter(name: $0.key, value: $0.value) }
        }

        package subscript(_ parameter: String) -> JSONValue? {
            parameters.first { $0.name == parameter }?.value
        }
    }
}
