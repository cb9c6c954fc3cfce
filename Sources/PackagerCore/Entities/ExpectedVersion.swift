package import FoundationEssentials
import GRDB

/// Which states of an entity a client is ready to replace: those it has read.
package enum ExpectedVersion: Sendable, Hashable {
    /// Any, as long as the entity is there.
    case any
    case oneOf(Set<String>)

    /// The name of an entity's state between two edits. A job that runs does not change it.
    package static func name(updatedAt: Date) -> String { RFC3339.format(updatedAt) }

    /// - Throws: ``ServiceError`` `preconditionFailed` when the entity has another version, or is not there.
    func check(_ id: String, in table: String, _ database: Database) throws {
        let sql = "SELECT updated FROM \(table) WHERE id = ?"
        let version = try String.fetchOne(database, sql: sql, arguments: [id])
        switch (self, version) {
        case (.any, _?): return
        case (.oneOf(let versions), let version?) where versions.contains(version): return
        case (_, nil): throw ServiceError(.preconditionFailed, "entity \"\(id)\" is not there any more")
        default:
            throw ServiceError(
                .preconditionFailed,
                "entity \"\(id)\" was changed after it was read: read it again and repeat the change"
            )
        }
    }
}
