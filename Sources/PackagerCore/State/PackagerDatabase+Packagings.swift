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

    /// What became of a packaging that was to be written.
    enum Insertion: Sendable {
        case inserted
        /// There is one with this id already.
        case exists
        /// The same request was made before, and this is what it made.
        case repeated(ModelPackaging)
        /// The key belongs to another request.
        case keyIsTaken
    }

    /// Writes the packaging and its job in one transaction.
    func insert(_ packaging: ModelPackaging, key: IdempotencyKey? = nil) async throws -> Insertion {
        let spec = try encodeText(packaging.spec)
        let status = try encodeText(ModelPackaging.Status(state: .scheduling))
        let now = RFC3339.format(packaging.createdAt ?? RFC3339.now())
        let insertion = try await write { database -> Insertion in
            if let key, let known = try Self.insertion(for: key, database) { return known }
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO packaging (id, created, updated, integration, artifact, spec, status)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    packaging.id, now, now, packaging.spec.integrationName, packaging.spec.artifactName, spec, status,
                ]
            )
            guard database.changesCount == 1 else { return .exists }
            let serial = database.lastInsertedRowID
            if let key { try Self.keep(key, for: serial, database) }
            try database.execute(
                sql: "INSERT INTO job (packaging, name) VALUES (?, ?)",
                arguments: [serial, packaging.id]
            )
            return .inserted
        }
        announceJobChange()
        return insertion
    }

    /// Writes the packaging, cancels the job it has and queues a new one.
    ///
    /// - Returns: when it was created; nil when there is none with this id.
    /// - Throws: ``ServiceError`` `preconditionFailed` when it is none of the expected versions.
    func replace(_ packaging: ModelPackaging, expecting expected: ExpectedVersion?) async throws -> Date? {
        let spec = try encodeText(packaging.spec)
        let status = try encodeText(ModelPackaging.Status(state: .scheduling))
        let now = RFC3339.format(packaging.updatedAt ?? RFC3339.now())
        let created = try await write { database -> String? in
            try expected?.check(packaging.id, in: "packaging", database)
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
            try Self.endAttempts(of: serial, .replaced, database)
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
            try Self.removeAttempts(of: serial, database)
            return true
        }
        announceJobChange()
        return removed
    }

    /// Takes a packaging's job away and writes down that it was cancelled.
    ///
    /// - Returns: the state before; nil when there is none with this id. One that has ended stays as it is.
    func cancel(_ id: String) async throws -> ModelPackaging.State? {
        let before = try await write { database -> ModelPackaging.State? in
            let sql = "SELECT serial, status FROM packaging WHERE id = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [id]) else { return nil }
            let status: ModelPackaging.Status = try decodeText(row["status"])
            guard !status.state.isTerminal else { return status.state }
            try Self.cancelJobs(of: row["serial"], database)
            try Self.updateStatus(of: row["serial"], database, Interruption.cancelled.end)
            return status.state
        }
        announceJobChange()
        return before
    }

    func setResults(_ results: [ModelPackaging.Result], of id: String) async throws -> Bool {
        try await write { database in
            let sql = "SELECT serial FROM packaging WHERE id = ?"
            guard let serial = try Int64.fetchOne(database, sql: sql, arguments: [id]) else { return false }
            try Self.updateStatus(of: serial, database) { $0.results = results }
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
