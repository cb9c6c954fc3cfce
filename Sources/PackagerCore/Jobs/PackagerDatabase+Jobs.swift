import FoundationEssentials
import GRDB

extension PackagerDatabase {
    /// How often a job may lose its worker before it counts as the cause.
    static let maximumLostLeases = 3

    /// Two runs of one name never overlap: a cancelled one has to stop, or its lease to run out, before the next starts.
    private static let claimable = """
        cancelled = 0 AND (lease IS NULL OR expires < :now) AND (:only IS NULL OR name = :only)
        AND NOT EXISTS (
            SELECT 1 FROM job AS other
            WHERE other.name = job.name AND other.id <> job.id AND other.lease IS NOT NULL AND other.expires >= :now
        )
        """

    /// Takes the oldest job that waits or whose lease has run out.
    ///
    /// - Parameters:
    ///   - id: takes only this packaging's.
    ///   - seconds: how long the lease lasts.
    func claimJob(of id: String? = nil, lasting seconds: Double) async throws -> Job? {
        let lease = "\(UInt64.random(in: 0 ... .max))-\(UInt64.random(in: 0 ... .max))"
        // Looking first keeps idle workers from taking the write lock.
        let isWaiting = try await read { database in
            let now = Self.milliseconds()
            return try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM job WHERE \(Self.claimable))
                        OR EXISTS (SELECT 1 FROM job WHERE cancelled = 1 AND expires < :now)
                    """,
                arguments: ["now": now, "only": id]
            ) ?? false
        }
        guard isWaiting else { return nil }
        let job = try await write { database -> Job? in
            while true {
                let now = Self.milliseconds()
                try database.execute(sql: "DELETE FROM job WHERE cancelled = 1 AND expires < ?", arguments: [now])
                let claimed = try Row.fetchOne(
                    database,
                    sql: """
                        UPDATE job SET lease = :lease, expires = :expires, lost = lost + (lease IS NOT NULL)
                        WHERE id = (SELECT id FROM job WHERE \(Self.claimable) ORDER BY id LIMIT 1)
                        RETURNING id, packaging, lost
                        """,
                    arguments: ["lease": lease, "expires": now + Int64(seconds * 1000), "now": now, "only": id]
                )
                guard let claimed else { return nil }
                if let job = try Self.start(claimed, lease: lease, database) { return job }
            }
        }
        announceJobChange()
        return job
    }

    /// - Returns: nil when the job has lost too many workers and was failed.
    private static func start(_ claimed: Row, lease: String, _ database: Database) throws -> Job? {
        let id: Int64 = claimed["id"]
        let packagingRow: Int64 = claimed["packaging"]
        if claimed["lost"] >= maximumLostLeases {
            try database.execute(sql: "DELETE FROM job WHERE id = ?", arguments: [id])
            try updateStatus(of: packagingRow, database) { status in
                status.state = .failed
                status.reason = "Failed"
                status.message =
                    "the worker died \(maximumLostLeases) times while it ran this packaging, which was therefore given up: look into the server's log and its memory limit, then start it again"
                status.finishedAt = RFC3339.now()
                status.endSteps()
            }
            return nil
        }
        let attempt = try Int.fetchOne(
            database,
            sql: "UPDATE packaging SET attempt = attempt + 1 WHERE serial = ? RETURNING attempt",
            arguments: [packagingRow]
        )
        guard let attempt else {
            try database.execute(sql: "DELETE FROM job WHERE id = ?", arguments: [id])
            return nil
        }
        try endAttempts(of: packagingRow, .lost, database)
        var status = ModelPackaging.Status(state: .running)
        status.attempt = attempt
        status.startedAt = RFC3339.now()
        try updateStatus(of: packagingRow, database) { $0 = status }
        try insertAttempt(of: packagingRow, status, database)
        let row = try Row.fetchOne(database, sql: "SELECT * FROM packaging WHERE serial = ?", arguments: [packagingRow])
        return try row.map {
            Job(id: id, packagingRow: packagingRow, lease: lease, attempt: attempt, packaging: try ModelPackaging($0))
        }
    }

    func renewLease(of job: Job, lasting seconds: Double) async throws -> LeaseState {
        let renewed = try await write { database in
            try database.execute(
                sql: "UPDATE job SET expires = ? WHERE id = ? AND lease = ? AND cancelled = 0",
                arguments: [Self.milliseconds() + Int64(seconds * 1000), job.id, job.lease]
            )
            return database.changesCount == 1
        }
        return renewed ? .held : try await leaseState(of: job)
    }

    func leaseState(of job: Job) async throws -> LeaseState {
        try await read { database in
            let cancelled = try Bool.fetchOne(
                database,
                sql: "SELECT cancelled FROM job WHERE id = ? AND lease = ?",
                arguments: [job.id, job.lease]
            )
            return switch cancelled {
            case false: .held
            case true: .cancelled
            default: .lost
            }
        }
    }

    /// Whether the packaging that the job is of still stands, as it is or changed.
    func hasPackaging(of job: Job) async throws -> Bool {
        try await read { database in
            let sql = "SELECT EXISTS (SELECT 1 FROM packaging WHERE serial = ?)"
            return try Bool.fetchOne(database, sql: sql, arguments: [job.packagingRow]) ?? false
        }
    }

    /// Ends a job and writes its packaging's status.
    ///
    /// - Returns: false, and nothing is written, when the lease is no longer ours or the packaging has changed.
    func finish(_ job: Job, _ outcome: @escaping @Sendable (inout ModelPackaging.Status) -> Void) async throws -> Bool {
        let finished = try await write { database -> Bool in
            try database.execute(
                sql: "DELETE FROM job WHERE id = ? AND lease = ? AND cancelled = 0",
                arguments: [job.id, job.lease]
            )
            guard database.changesCount == 1 else {
                try Self.dropCancelled(job, database)
                return false
            }
            try Self.updateStatus(of: job.packagingRow, database) { status in
                outcome(&status)
                status.finishedAt = RFC3339.now()
            }
            return true
        }
        announceJobChange()
        return finished
    }

    /// Puts a job back that did not end, without counting it as lost.
    func release(_ job: Job) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE job SET lease = NULL, expires = NULL WHERE id = ? AND lease = ? AND cancelled = 0",
                arguments: [job.id, job.lease]
            )
            if database.changesCount == 1 {
                try Self.endAttempts(of: job.packagingRow, .released, database)
                try Self.updateStatus(of: job.packagingRow, database) { status in
                    status.state = .scheduling
                    status.steps = nil
                }
            } else {
                try Self.dropCancelled(job, database)
            }
        }
        announceJobChange()
    }

    private static func dropCancelled(_ job: Job, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM job WHERE id = ? AND lease = ? AND cancelled = 1",
            arguments: [job.id, job.lease]
        )
    }

    static func updateStatus(
        of packagingRow: Int64,
        _ database: Database,
        _ change: (inout ModelPackaging.Status) -> Void
    ) throws {
        let text = try String.fetchOne(
            database,
            sql: "SELECT status FROM packaging WHERE serial = ?",
            arguments: [packagingRow]
        )
        guard let text else { return }
        var status: ModelPackaging.Status = try decodeText(text)
        change(&status)
        try database.execute(
            sql: "UPDATE packaging SET status = ? WHERE serial = ?",
            arguments: [try encodeText(status), packagingRow]
        )
        // One that waits again says nothing of the attempt before.
        if status.state != .scheduling { try updateAttempt(of: packagingRow, status, database) }
    }

    static func milliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
