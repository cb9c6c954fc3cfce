import FoundationEssentials
import GRDB
import JSON

import struct Crypto.SHA256

/// A client's own name for a request, so that it may be sent again when its reply was lost.
///
/// Source: draft-ietf-httpapi-idempotency-key-header.
struct IdempotencyKey: Sendable {
    /// How long a key is remembered, in milliseconds.
    static let lifetime: Int64 = 24 * 3600 * 1000

    var text: String
    /// Of what was asked for, as the client sent it.
    var requestDigest: String

    init(_ text: String, for packaging: ModelPackaging) throws {
        self.text = text
        var asked = packaging
        (asked.createdAt, asked.updatedAt, asked.status) = (nil, nil, nil)
        requestDigest = Data(SHA256.hash(data: try CanonicalJSON.encode(asked))).base64EncodedString()
    }
}

extension PackagerDatabase {
    /// - Returns: what the key's first request led to; nil for a key that is new.
    static func insertion(for key: IdempotencyKey, _ database: Database) throws -> Insertion? {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        try database.execute(
            sql: "DELETE FROM idempotency WHERE created < ?",
            arguments: [now - IdempotencyKey.lifetime]
        )
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT idempotency.request, packaging.* FROM idempotency
                JOIN packaging ON packaging.serial = idempotency.packaging WHERE key = ?
                """,
            arguments: [key.text]
        )
        guard let row else { return nil }
        return row["request"] == key.requestDigest ? .repeated(try ModelPackaging(row)) : .keyIsTaken
    }

    static func keep(_ key: IdempotencyKey, for packagingRow: Int64, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO idempotency (key, request, packaging, created) VALUES (?, ?, ?, ?)",
            arguments: [key.text, key.requestDigest, packagingRow, Int64(Date().timeIntervalSince1970 * 1000)]
        )
    }
}
