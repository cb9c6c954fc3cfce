extension PackagerService {
    /// Stores a connection. The reply is masked.
    package func create(_ connection: WireConnection) async throws -> WireConnection {
        throw ServiceError.alreadyExists(connection.id)
    }

    /// Replaces a connection; a secret that is ``WireConnection/mask`` stays as it was. The reply is masked.
    ///
    /// - Throws: `forbidden` for a built-in one.
    package func update(_ connection: WireConnection) async throws -> WireConnection {
        throw ServiceError.notFound(connection.id)
    }

    /// Masked.
    package func connection(_ id: String) async throws -> WireConnection { throw ServiceError.notFound(id) }

    /// With its secrets in base64.
    package func decryptedConnection(_ id: String) async throws -> WireConnection { throw ServiceError.notFound(id) }

    /// Masked.
    ///
    /// - Parameter types: only connections of these; all when empty or when it holds `*`.
    package func connections(_ page: Page = Page(), types: [String] = []) async throws -> [WireConnection] { [] }

    /// - Throws: `invalid` for a vital one.
    package func deleteConnection(_ id: String) async throws { throw ServiceError.notFound(id) }
}
