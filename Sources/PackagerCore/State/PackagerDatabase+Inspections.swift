import GRDB
package import OCI
package import TrainedModels

/// What artifacts were found to hold, by the digest of their bytes and the name that a model without one gets.
extension PackagerDatabase {
    package func inspection(of digest: Digest, named fallbackName: String) async throws -> TrainedModel? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: "SELECT model FROM inspection WHERE digest = ? AND fallbackName = ?",
                arguments: [digest.description, fallbackName]
            )
        }.flatMap { try? decodeText($0) }
    }

    package func recordInspection(_ model: TrainedModel, of digest: Digest, named fallbackName: String) async throws {
        let text = try encodeText(model)
        try await write { database in
            try database.execute(
                sql:
                    """
                    INSERT INTO inspection (digest, fallbackName, model) VALUES (?, ?, ?)
                    ON CONFLICT (digest, fallbackName) DO UPDATE SET model = excluded.model
                    """,
                arguments: [digest.description, fallbackName, text]
            )
        }
    }
}
