import GRDB

extension PackagerDatabase {
    func integration(_ id: String) async throws -> PackagingIntegration? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM integration WHERE id = ?", arguments: [id])
                .map(PackagingIntegration.init)
        }
    }

    /// All of them: integrations are few, and those that are built in are merged in by the caller.
    func integrations() async throws -> [PackagingIntegration] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM integration ORDER BY id").map(PackagingIntegration.init)
        }
    }

    /// - Returns: false when there is one with this id already.
    func insert(_ integration: PackagingIntegration) async throws -> Bool {
        let spec = try encodeText(integration.spec)
        let now = RFC3339.format(integration.createdAt ?? RFC3339.now())
        return try await write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO integration (id, created, updated, spec) VALUES (?, ?, ?, ?)",
                arguments: [integration.id, now, now, spec]
            )
            return database.changesCount == 1
        }
    }

    /// - Returns: false when there is none with this id.
    /// - Throws: ``ServiceError`` `preconditionFailed` when it is none of the expected versions.
    func replace(_ integration: PackagingIntegration, expecting expected: ExpectedVersion?) async throws -> Bool {
        let spec = try encodeText(integration.spec)
        let now = RFC3339.format(integration.updatedAt ?? RFC3339.now())
        return try await write { database in
            try expected?.check(integration.id, in: "integration", database)
            try database.execute(
                sql: "UPDATE integration SET updated = ?, spec = ? WHERE id = ?",
                arguments: [now, spec, integration.id]
            )
            return database.changesCount == 1
        }
    }

    func removeIntegration(_ id: String) async throws -> Bool {
        try await write { database in
            try database.execute(sql: "DELETE FROM integration WHERE id = ?", arguments: [id])
            return database.changesCount == 1
        }
    }
}

extension PackagingIntegration {
    fileprivate init(_ row: Row) throws {
        self.init(id: row["id"], spec: try decodeText(row["spec"]))
        createdAt = RFC3339.parse(row["created"])
        updatedAt = RFC3339.parse(row["updated"])
    }
}
