import GRDB
import ImageAssembler
package import OCI

extension PackagerDatabase: BlobLocationIndex {
    package func repositories(holding blob: Digest, at host: String) async throws -> [String] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: "SELECT repository FROM blobLocation WHERE digest = ? AND host = ? ORDER BY seen DESC LIMIT 8",
                arguments: [blob.description, host]
            )
        }
    }

    package func record(_ blobs: [Digest], in repository: String, at host: String) async throws {
        try await write { database in
            for blob in blobs {
                try database.execute(
                    sql: """
                        INSERT INTO blobLocation (digest, host, repository, seen) VALUES (?, ?, ?, unixepoch())
                        ON CONFLICT (digest, host, repository) DO UPDATE SET seen = excluded.seen
                        """,
                    arguments: [blob.description, host, repository]
                )
            }
        }
    }
}
