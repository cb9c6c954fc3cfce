import FoundationEssentials
import GRDB
import JSON

extension PackagerDatabase {
    /// A connection with its secrets in clear text.
    func connection(_ id: String) async throws -> Connection? {
        let row = try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM connection WHERE id = ?", arguments: [id])
                .map(ConnectionRow.init)
        }
        return try row?.connection(key)
    }

    func isBuiltInConnection(_ id: String) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(database, sql: "SELECT builtIn FROM connection WHERE id = ?", arguments: [id]) ?? false
        }
    }

    func connections(_ page: Page, types: [String]) async throws -> [Connection] {
        let filter = try encodeText(types)
        let rows = try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM connection
                    WHERE json_array_length(:types) = 0 OR type IN (SELECT value FROM json_each(:types))
                    ORDER BY id LIMIT :limit OFFSET :offset
                    """,
                arguments: ["types": filter, "limit": page.size, "offset": page.offset]
            ).map(ConnectionRow.init)
        }
        return try rows.map { try $0.connection(key) }
    }

    /// - Returns: false when there is one with this id already.
    func insert(_ connection: Connection, builtIn: Bool = false) async throws -> Bool {
        let row = try ConnectionRow(connection, key)
        return try await write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO connection (id, created, updated, type, spec, secrets, builtIn)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [row.id, row.created, row.updated, row.type, row.spec, row.secrets, builtIn]
            )
            return database.changesCount == 1
        }
    }

    /// - Returns: false when there is none with this id.
    /// - Throws: ``ServiceError`` `preconditionFailed` when it is none of the expected versions.
    func replace(_ connection: Connection, expecting expected: ExpectedVersion?) async throws -> Bool {
        let row = try ConnectionRow(connection, key)
        return try await write { database in
            try expected?.check(connection.id, in: "connection", database)
            try database.execute(
                sql: "UPDATE connection SET updated = ?, type = ?, spec = ?, secrets = ? WHERE id = ?",
                arguments: [row.updated, row.type, row.spec, row.secrets, row.id]
            )
            return database.changesCount == 1
        }
    }

    func removeConnection(_ id: String) async throws -> Bool {
        try await write { database in
            try database.execute(sql: "DELETE FROM connection WHERE id = ?", arguments: [id])
            return database.changesCount == 1
        }
    }
}

private struct ConnectionRow: Sendable {
    var id: String
    var created: String
    var updated: String
    var type: String
    /// Without the secrets.
    var spec: String
    var secrets: Data

    init(_ row: Row) {
        id = row["id"]
        created = row["created"]
        updated = row["updated"]
        type = row["type"]
        spec = row["spec"]
        secrets = row["secrets"]
    }

    init(_ connection: Connection, _ key: SecretKey) throws {
        id = connection.id
        created = RFC3339.format(connection.createdAt ?? RFC3339.now())
        updated = RFC3339.format(connection.updatedAt ?? RFC3339.now())
        type = connection.spec.type
        var open = connection.spec
        for secret in Connection.Spec.secrets { open[keyPath: secret.path] = nil }
        spec = try encodeText(open)
        let hidden = Connection.Spec.secrets.map { connection.spec[keyPath: $0.path] }
        secrets = try key.seal(CanonicalJSON.encode(hidden), context: "connection \"\(id)\"")
    }

    func connection(_ key: SecretKey) throws -> Connection {
        var connection = Connection(id: id, spec: try decodeText(spec))
        connection.createdAt = RFC3339.parse(created)
        connection.updatedAt = RFC3339.parse(updated)
        let hidden: [String?] = try CanonicalJSON.decode(from: key.open(secrets, context: "connection \"\(id)\""))
        for (secret, value) in zip(Connection.Spec.secrets, hidden) { connection.spec[keyPath: secret.path] = value }
        return connection
    }
}
