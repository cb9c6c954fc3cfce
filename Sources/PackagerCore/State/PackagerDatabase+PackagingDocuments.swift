package import FoundationEssentials
import GRDB

/// A packaging as the JSON that clients get.
package struct PackagingDocument: Sendable, Hashable {
    package var text: String
    package var updatedAt: Date?
}

/// Documents are put together from the columns as they are: to read each of ten thousand specs and write it again takes a
/// second, to copy their texts takes milliseconds.
extension PackagerDatabase {
    /// Members in the order of ``CanonicalJSON``. Ids and times need no escapes.
    private static let document = """
        '{"createdAt":"' || created || '","id":"' || id || '","spec":' || spec || ',"status":' || status
        || ',"updatedAt":"' || updated || '"}'
        """

    func packagingDocument(_ id: String) async throws -> PackagingDocument? {
        try await read { database in
            let sql = "SELECT \(Self.document) AS document, updated FROM packaging WHERE id = ?"
            return try Row.fetchOne(database, sql: sql, arguments: [id]).map {
                PackagingDocument(text: $0["document"], updatedAt: RFC3339.parse($0["updated"]))
            }
        }
    }

    /// A JSON list, ordered by id.
    func packagingDocuments(_ page: Page, integrations: [String]) async throws -> String {
        let filter = try encodeText(integrations)
        return try await read { database in
            let documents = try String.fetchCursor(
                database,
                sql: """
                    SELECT \(Self.document) FROM packaging
                    WHERE json_array_length(:names) = 0 OR integration IN (SELECT value FROM json_each(:names))
                    ORDER BY id LIMIT :limit OFFSET :offset
                    """,
                arguments: ["names": filter, "limit": page.size, "offset": page.offset]
            )
            var list = "["
            while let document = try documents.next() {
                if list.utf8.count > 1 { list += "," }
                list += document
            }
            return list + "]"
        }
    }
}
