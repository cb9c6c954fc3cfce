import JSON

/// The integrations that are built in and those that users have added.
struct IntegrationCatalog: Sendable {
    struct Entry: Sendable {
        var definition: PackagingIntegration
        /// What does the work: the built-in of the same id, or else of the same entrypoint.
        var builtIn: (any Integration)?

        /// An integration made from a built-in one may have other defaults than it.
        func arguments(_ given: [String: JSONValue]) -> [String: JSONValue] {
            guard definition.id != builtIn?.definition.id else { return given }
            return definition.spec.schema.withDefaults(given)
        }
    }

    let builtIns: [any Integration]
    let database: PackagerDatabase

    func isBuiltIn(_ id: String) -> Bool { builtIns.contains { $0.definition.id == id } }

    func find(_ id: String) async throws -> Entry? {
        if let builtIn = builtIns.first(where: { $0.definition.id == id }) {
            return Entry(definition: builtIn.definition, builtIn: builtIn)
        }
        return try await database.integration(id).map(entry)
    }

    /// A definition that a user brings, with what does its work.
    func entry(_ definition: PackagingIntegration) -> Entry {
        let builtIn =
            builtIns.first { $0.definition.id == definition.id }
            ?? builtIns.first { $0.definition.spec.entrypoint == definition.spec.entrypoint }
        return Entry(definition: definition, builtIn: builtIn)
    }

    func all(_ page: Page) async throws -> [PackagingIntegration] {
        let own = try await database.integrations().filter { !isBuiltIn($0.id) }
        let all = (own + builtIns.map(\.definition)).sorted { $0.id < $1.id }
        return Array(all.dropFirst(page.offset).prefix(page.size))
    }
}
