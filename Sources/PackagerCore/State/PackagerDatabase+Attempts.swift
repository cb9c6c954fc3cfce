import GRDB

/// Every run of a packaging, as long as the packaging is there.
extension PackagerDatabase {
    /// - Returns: from the first attempt to the latest; nil when there is no packaging of this id.
    func attempts(of id: String) async throws -> [PackagingAttempt]? {
        try await read { database in
            let sql = "SELECT serial FROM packaging WHERE id = ?"
            guard let serial = try Int64.fetchOne(database, sql: sql, arguments: [id]) else { return nil }
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM attempt WHERE packaging = ? ORDER BY number",
                arguments: [serial]
            ).map { row in
                let progress = try AttemptProgress(row["progress"])
                return PackagingAttempt(
                    attempt: row["number"],
                    spec: try decodeText(row["spec"]),
                    status: try decodeText(row["status"]),
                    layers: progress?.layers,
                    traffic: progress?.traffic
                )
            }
        }
    }

    static func insertAttempt(of packagingRow: Int64, _ status: ModelPackaging.Status, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO attempt (packaging, number, spec, status)
                SELECT serial, attempt, spec, ? FROM packaging WHERE serial = ?
                """,
            arguments: [try encodeText(status), packagingRow]
        )
    }

    static func updateAttempt(of packagingRow: Int64, _ status: ModelPackaging.Status, _ database: Database) throws {
        guard let number = status.attempt else { return }
        try database.execute(
            sql: "UPDATE attempt SET status = ? WHERE packaging = ? AND number = ?",
            arguments: [try encodeText(status), packagingRow, number]
        )
    }

    /// Writes down why an attempt that still counts as running came to nothing.
    static func endAttempts(
        of packagingRow: Int64,
        _ interruption: Interruption,
        _ database: Database
    ) throws {
        let texts = try String.fetchAll(
            database,
            sql: "SELECT status FROM attempt WHERE packaging = ? AND json_extract(status, '$.state') = 'running'",
            arguments: [packagingRow]
        )
        for text in texts {
            var status: ModelPackaging.Status = try decodeText(text)
            interruption.end(&status)
            try updateAttempt(of: packagingRow, status, database)
        }
    }

    static func removeAttempts(of packagingRow: Int64, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM attempt WHERE packaging = ?", arguments: [packagingRow])
        try database.execute(sql: "DELETE FROM idempotency WHERE packaging = ?", arguments: [packagingRow])
    }

    /// Why an attempt ended without an end of its own.
    enum Interruption: String {
        case cancelled = "it was cancelled"
        case replaced = "the packaging was changed while this ran"
        case released = "the server shut down; the packaging ran again"
        case lost = "its worker died; the packaging ran again"

        /// What clients know as the end of a packaging is success or failure.
        func end(_ status: inout ModelPackaging.Status) {
            status.state = .failed
            status.reason = self == .cancelled ? "Cancelled" : "Interrupted"
            status.message = rawValue
            status.endSteps()
            status.finishedAt = RFC3339.now()
        }
    }
}
