import FileSystem
import FoundationEssentials
import GRDB
import OCI

extension ArtifactStore {
    /// Notes what a file's content is as long as the file's identity stays as it is.
    static func record(
        _ name: String,
        _ identity: FileIdentity,
        _ digest: Digest,
        _ created: Date,
        _ description: String?,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO artifact (name, identity, digest, created, description) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                name, try encodeText(identity), digest.description, RFC3339.format(created), description,
            ]
        )
    }

    /// - Throws: `conflict` when a running job, or any, names the artifact.
    static func refuse(_ name: String, onlyRunning: Bool, _ database: Database) throws {
        let user = try String.fetchOne(
            database,
            sql: """
                SELECT packaging.id FROM packaging JOIN job ON job.packaging = packaging.serial
                WHERE artifact = ? AND (job.expires >= ? OR ?) LIMIT 1
                """,
            arguments: [name, Int64(Date().timeIntervalSince1970 * 1000), !onlyRunning]
        )
        guard let user else { return }
        throw ServiceError(
            .conflict,
            "artifact \"\(name)\" is in use by model packaging \"\(user)\": wait until it has ended, or delete it first"
        )
    }
}

extension PackagerDatabase {
    struct ArtifactRow: Sendable {
        var digest: Digest?
        var created: Date
        var description: String?
    }

    /// What is known of the artifact; nil when the file is another one than that which was noted.
    func artifact(_ name: String, _ identity: FileIdentity) async throws -> ArtifactRow? {
        try await read { database in
            let row = try Row.fetchOne(database, sql: "SELECT * FROM artifact WHERE name = ?", arguments: [name])
            guard let row, try decodeText(row["identity"], as: FileIdentity.self) == identity else { return nil }
            let digest: String? = row["digest"]
            return ArtifactRow(
                digest: digest.flatMap { Digest($0) },
                created: RFC3339.parse(row["created"]) ?? Date(),
                description: row["description"]
            )
        }
    }
}
