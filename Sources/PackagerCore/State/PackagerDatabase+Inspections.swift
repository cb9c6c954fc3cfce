import GRDB
package import OCI
package import TrainedModels

/// What artifacts were found to hold, by the digest of their bytes.
extension PackagerDatabase {
    package func inspection(of digest: Digest) async throws -> TrainedModel? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: "SELECT model FROM inspection WHERE digest = ?",
                arguments: [digest.description]
            )
        }.flatMap { try? decodeText($0) }
    }

    package func recordInspection(_ model: TrainedModel, of digest: Digest) async throws {
        let text = try encodeText(model)
        try await write { database in
            try database.execute(
                sql:
                    "INSERT INTO inspection (digest, model) VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET model = excluded.model",
                arguments: [digest.description, text]
            )
        }
    }
}
