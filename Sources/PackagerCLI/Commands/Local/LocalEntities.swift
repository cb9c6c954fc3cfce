import JSON
import PackagerCore

/// What a local run works with: from the manifests, and for the rest from a server where one is configured.
struct LocalEntities {
    private let manifests: ManifestCollection
    private let server: APIClient?
    private(set) var connections: [WireConnection]
    private(set) var integrations: [PackagingIntegration]

    init(_ manifests: ManifestCollection, server: APIClient?) throws {
        self.manifests = manifests
        self.server = server
        connections = try manifests.entities(ConnectionKind.self)
        integrations = try manifests.entities(IntegrationKind.self)
    }

    /// The packaging under an id; the only one without.
    ///
    /// - Throws: ``CommandError`` that says what there is.
    func packaging(_ id: String?) async throws -> ModelPackaging {
        let ids = manifests.ids(PackagingKind.self)
        if let id {
            if let manifest = manifests.find(PackagingKind.self, id) { return try manifest.document.decode() }
            if let server { return try await server.get(PackagingKind.self, id).decode() }
            throw CommandError(
                "there is no ModelPackaging \"\(id)\" in the files; \(ids.isEmpty ? "name some with -f" : "there is \(ids.joined(separator: ", "))")\(Spelling.hint(for: id, among: ids))"
            )
        }
        guard ids.count == 1, let manifest = manifests.find(PackagingKind.self, ids[0]) else {
            throw CommandError(
                ids.isEmpty
                    ? "there is no ModelPackaging in the files"
                    : "there are several packagings, choose with --id: \(ids.joined(separator: ", "))"
            )
        }
        return try manifest.document.decode()
    }

    /// Asks the server, where one is configured, for what the manifests do not hold; what is not there either is left to
    /// the packaging's validation to say.
    mutating func complete(for packaging: ModelPackaging) async throws {
        guard let server else { return }
        let integration = packaging.spec.integrationName
        let isBuiltIn = Composition.integrations.contains { $0.definition.id == integration }
        if !isBuiltIn, !integrations.contains(where: { $0.id == integration }) {
            if let found = try await server.find(IntegrationKind.self, integration) {
                integrations.append(try found.decode())
            }
        }
        let defaults = integrations.first { $0.id == integration }?.spec.schema.targets?.map(\.default) ?? []
        let needed =
            (packaging.spec.targets ?? []).map(\.connectionName) + defaults + [packaging.spec.outputConnection ?? ""]
        for id in Set(needed).sorted() where !id.isEmpty && !connections.contains(where: { $0.id == id }) {
            if let found = try await server.find(ConnectionKind.self, id, decrypted: true) {
                connections.append(try found.decode())
            }
        }
    }
}

extension APIClient {
    /// The entity; nil where the server has none of that id.
    fileprivate func find<Kind: EntityKind>(
        _ kind: Kind.Type,
        _ id: String,
        decrypted: Bool = false
    ) async throws -> JSONValue? {
        do {
            return try await get(kind, id, decrypted: decrypted)
        } catch let error as APIError where error.status == 404 {
            return nil
        }
    }
}
