import GRDB

extension PackagerDatabase {
    struct JobCounts: Sendable, Hashable {
        var packagings: [ModelPackaging.State: Int] = [:]
        /// Jobs that no worker has.
        var waiting = 0
        var running = 0
    }

    /// How many packagings are in each state, and how many jobs wait and run.
    func jobCounts() async throws -> JobCounts {
        try await read { database in
            var counts = JobCounts()
            let states = try Row.fetchAll(
                database,
                sql: "SELECT json_extract(status, '$.state') AS state, COUNT(*) AS count FROM packaging GROUP BY 1"
            )
            for row in states {
                let name: String? = row["state"]
                counts.packagings[name.flatMap(ModelPackaging.State.init) ?? .unknown, default: 0] += row["count"]
            }
            let jobs = try Row.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*) FILTER (WHERE cancelled = 0 AND (lease IS NULL OR expires < :now)) AS waiting,
                        COUNT(*) FILTER (WHERE lease IS NOT NULL AND expires >= :now) AS running FROM job
                    """,
                arguments: ["now": Self.milliseconds()]
            )
            if let jobs {
                counts.waiting = jobs["waiting"]
                counts.running = jobs["running"]
            }
            return counts
        }
    }
}
