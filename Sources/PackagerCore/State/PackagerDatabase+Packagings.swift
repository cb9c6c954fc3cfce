import FoundationEssentials
import GRDB

extension PackagerDatabase {
    func packaging(_ id: String) async throws -> ModelPackaging? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM packaging WHERE id = ?", arguments: [id])
                .map(ModelPackaging.init)
        }
    }

    func packagings(_ page: Page, integrations: [String]) async throws -> [ModelPackaging] {
        let filter = try encodeText(integrations)
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM packaging
                    WHERE json_array_length(:names) = 0 OR integration IN (SELECT value FROM json_each(:names))
                    ORDER BY id LIMIT :limit OFFSET :offset
                    """,
                arguments: ["names": filter, "limit": page.size, "offset": page.offset]
            ).map(ModelPackaging.init)
        }
    }

    /// Writes the packaging and its job in one transaction.
    ///
    /// - Returns: false when there is one with this id already.
    func insert(_ packaging: ModelPackaging) async throws -> Bool {
        let spec = try encodeText(packaging.spec)
        let status = try encodeText(ModelPackaging.Status(state: .scheduling))
        let now = RFC3339.format(packaging.createdAt ?? RFC3339.now())
        let inserted = try await write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO packaging (id, created, updated, integration, artifact, spec, status)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    packaging.id, now, now, packaging.spec.integrationName, packaging.spec.artifactName, spec, status,
                ]
            )
            guard database.changesCount == 1 else { return false }
            try database.execute(
                sql: "INSERT INTO job (packaging, name) VALUES (?, ?)",
                arguments: [database.lastInsertedRowID, packaging.id]
            )
            return true
        }
        announceJobChange()
        return inserted
    }

    /// Writes the packaging, cancels the job it has and queues a new one.
    ///
    /// - Returns: when it was created; nil when there is none with this id.
    func replace(_ packaging: ModelPackaging) async throws -> Date? {
        let spec = try encodeText(packaging.spec)
        let status = try encodeText(ModelPackaging.Status(state: .scheduling))
        let now = RFC3339.format(packaging.updatedAt ?? RFC3339.now())
        let created = try await write { database -> String? in
            let row = try Row.fetchOne(
                database,
                sql: """
                    UPDATE packaging SET updated = ?, integration = ?, artifact = ?, spec = ?, status = ? WHERE id = ?
                    RETURNING serial, created
                    """,
                arguments: [
                    now, packaging.spec.integrationName, packaging.spec.artifactName, spec, status, packaging.id,
                ]
            )
            guard let row else { return nil }
            let serial: Int64 = row["serial"]
            try Self.cancelJobs(of: serial, database)
            try database.execute(
                sql: "INSERT INTO job (packaging, name) VALUES (?, ?)",
                arguments: [serial, packaging.id]
            )
            return row["created"]
        }
        announceJobChange()
        return created.flatMap(RFC3339.parse)
    }

    /// - Returns: false when there is none with this id.
    func removePackaging(_ id: String) async throws -> Bool {
        let removed = try await write { database -> Bool in
            let serial = try Int64.fetchOne(
                database,
                sql: "DELETE FROM packaging WHERE id = ? RETURNING serial",
                arguments: [id]
            )
            guard let serial else { return false }
            try Self.cancelJobs(of: serial, database)
            return true
        }
        announceJobChange()
        return removed
    }

    func setResults(_ results: [ModelPackaging.Result], of id: String) async throws -> Bool {
        try await write { database in
            let text = try String.fetchOne(database, sql: "SELECT status FROM packaging WHERE id = ?", arguments: [id])
            guard let text else { return false }
            var status: ModelPackaging.Status = try decodeText(text)
            status.results = results
            try database.execute(
                sql: "UPDATE packaging SET status = ? WHERE id = ?",
                arguments: [try encodeText(status), id]
            )
            return true
        }
    }

    /// A waiting job goes at once; a running one is marked, and goes when its worker has stopped or is lost.
    private static func cancelJobs(of serial: Int64, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM job WHERE packaging = ? AND lease IS NULL", arguments: [serial])
        try database.execute(sql: "UPDATE job SET cancelled = 1 WHERE packaging = ?", arguments: [serial])
    }
}

extension ModelPackaging {
    init(_ row: Row) throws {
        self.init(id: row["id"], spec: try decodeText(row["spec"]), status: try decodeText(row["status"]))
        createdAt = RFC3339.parse(row["created"])
        updatedAt = RFC3339.parse(row["updated"])
    }
}
