import GRDB
package import OCI
package import TrainedModels

extension PackagerDatabase: InspectionCache {
    /// Nil too for a model that was noted in another version's form.
    package func model(for artifact: Digest, fallbackName: String) async throws -> TrainedModel? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: "SELECT model FROM inspection WHERE digest = ? AND fallbackName = ?",
                arguments: [artifact.description, fallbackName]
            )
        }.flatMap { try? decodeText($0) }
    }

    package func record(_ model: TrainedModel, for artifact: Digest, fallbackName: String) async throws {
        let text = try encodeText(model)
        try await write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO inspection (digest, fallbackName, model) VALUES (?, ?, ?)",
                arguments: [artifact.description, fallbackName, text]
            )
        }
    }
}
