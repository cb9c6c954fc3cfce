extension PackagerService {
    /// Stores a connection. The reply is masked.
    package func create(_ connection: WireConnection) async throws -> WireConnection {
        var clear = try validated(connection, keeping: nil)
        clear.createdAt = RFC3339.now()
        clear.updatedAt = clear.createdAt
        guard try await database.insert(clear) else { throw ServiceError.alreadyExists(clear.id) }
        return WireConnection(masking: clear)
    }

    /// Replaces a connection; a secret that is ``WireConnection/mask`` stays as it was. The reply is masked.
    ///
    /// - Throws: `forbidden` for a built-in one, `preconditionFailed` for another version than was expected.
    package func update(
        _ connection: WireConnection,
        expecting expected: ExpectedVersion? = nil
    ) async throws -> WireConnection {
        let stored = try await database.connection(connection.id)
        var clear = try validated(connection, keeping: stored)
        guard let stored else { throw ServiceError.notFound(connection.id) }
        if try await database.isBuiltInConnection(connection.id) {
            throw ServiceError(
                .forbidden,
                "connection \"\(connection.id)\" is built in and cannot be changed: create one with another id"
            )
        }
        clear.createdAt = stored.createdAt
        clear.updatedAt = RFC3339.now()
        guard try await database.replace(clear, expecting: expected) else { throw ServiceError.notFound(clear.id) }
        return WireConnection(masking: clear)
    }

    /// Masked.
    package func connection(_ id: String) async throws -> WireConnection {
        WireConnection(masking: try await clear(id))
    }

    /// With its secrets in base64.
    package func decryptedConnection(_ id: String) async throws -> WireConnection {
        WireConnection(revealing: try await clear(id))
    }

    /// Masked.
    ///
    /// - Parameter types: only connections of these; all when empty or when it holds `*`.
    package func connections(_ page: Page = Page(), types: [String] = []) async throws -> [WireConnection] {
        try await database.connections(page, types: types.contains("*") ? [] : types).map(WireConnection.init(masking:))
    }

    /// - Throws: `invalid` for a vital one.
    package func deleteConnection(_ id: String) async throws {
        if try await clear(id).spec.vital == true {
            throw ServiceError(.invalid, "\(id) connection is vital, it cannot be deleted")
        }
        guard try await database.removeConnection(id) else { throw ServiceError.notFound(id) }
    }

    private func clear(_ id: String) async throws -> Connection {
        guard let connection = try await database.connection(id) else { throw ServiceError.notFound(id) }
        return connection
    }

    /// The connection in clear text; the region of one at Amazon is read from its uri where none is given.
    ///
    /// - Parameter stored: gives the secrets that are masked.
    /// - Throws: `invalid` with everything that is wrong.
    package func validated(_ connection: WireConnection, keeping stored: Connection? = nil) throws -> Connection {
        var errors: [String] = []
        var clear = connection.clear(keeping: stored, errors: &errors)
        if clear.spec.type == "ecr", clear.spec.region == nil { clear.spec.region = ECRAddress(clear.spec.uri)?.region }
        errors += ConnectionValidation(locations: locations).errors(clear)
        guard errors.isEmpty else {
            throw ServiceError(.invalid, "Validation of connection is failed: " + errors.joined(separator: "; "))
        }
        return clear
    }
}
