import GRDB
package import ImageAssembler

extension PackagerDatabase: LayerIndex {
    package func layers(for key: String) async throws -> [Layer]? {
        try await read { database in
            try String.fetchOne(database, sql: "SELECT layers FROM layer WHERE key = ?", arguments: [key])
        }.flatMap { try? decodeText($0) }
    }

    package func record(_ layers: [Layer], for key: String) async throws {
        let text = try encodeText(layers)
        try await write { database in
            try database.execute(
                sql:
                    "INSERT INTO layer (key, layers) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET layers = excluded.layers",
                arguments: [key, text]
            )
        }
    }
}
