import GRDB

/// What is kept of a run beside its status.
struct AttemptProgress: Codable {
    var layers: [PackagedLayer] = []
    var traffic = PackagingTraffic()

    init(_ snapshot: PackagingProgress.Snapshot) {
        layers = snapshot.layers
        traffic = snapshot.traffic
    }

    /// Nil for an attempt of which nothing was written down.
    init?(_ text: String?) throws {
        guard let text else { return nil }
        self = try decodeText(text)
    }
}

extension PackagerDatabase {
    /// Writes down how far a job is, as long as it is ours.
    func record(_ snapshot: PackagingProgress.Snapshot, of job: Job) async throws {
        let progress = try encodeText(AttemptProgress(snapshot))
        let recorded = try await write { database in
            let isOurs = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM job WHERE id = ? AND lease = ? AND cancelled = 0)",
                arguments: [job.id, job.lease]
            )
            guard isOurs == true else { return false }
            try Self.updateStatus(of: job.packagingRow, database) { $0.steps = snapshot.steps }
            try database.execute(
                sql: "UPDATE attempt SET progress = ? WHERE packaging = ? AND number = ?",
                arguments: [progress, job.packagingRow, job.attempt]
            )
            return true
        }
        if recorded { progressChanges.raise() }
    }

    /// Where a packaging stands; nil when there is none of this id.
    func view(of id: String) async throws -> PackagingView? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT status, (
                        SELECT progress FROM attempt WHERE packaging = serial AND number = packaging.attempt
                    ) AS progress FROM packaging WHERE id = ?
                    """,
                arguments: [id]
            )
            guard let row else { return nil }
            let status: ModelPackaging.Status = try decodeText(row["status"])
            // One that waits for its next attempt has nothing of the one before.
            let progress = try status.attempt == nil ? nil : AttemptProgress(row["progress"])
            return PackagingView(
                status: status,
                layers: progress?.layers ?? [],
                traffic: progress?.traffic ?? PackagingTraffic()
            )
        }
    }
}
