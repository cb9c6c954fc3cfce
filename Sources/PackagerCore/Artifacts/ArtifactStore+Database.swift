import FileSystem
import FoundationEssentials
import GRDB
import OCI
import SystemPackage

/// What the store does within one transaction, so that nobody sees a half of it.
extension ArtifactStore {
    /// An upload that is whole.
    struct NewVersion: Sendable {
        var digest: Digest
        var identity: FileIdentity
        var description: String?
    }

    static func notFound(_ artifact: String) -> ServiceError {
        ServiceError(.notFound, "artifact \"\(artifact)\" is not found")
    }

    /// - Throws: ``ServiceError``: `notFound`, or `invalid` for a text that can name nothing.
    static func locate(_ artifact: String, in directory: FilePath, _ database: Database) throws
        -> (ArtifactVersions, ArtifactVersions.Version)
    {
        let reference = ArtifactReference(artifact)
        try ArtifactName.check(reference?.name ?? artifact)
        if artifact.utf8.count <= 255, let versions = try ArtifactVersions(artifact, in: directory, database) {
            return (versions, try versions.version(nil))
        }
        if let reference, let versions = try ArtifactVersions(reference.name, in: directory, database) {
            return (versions, try versions.version(reference.version))
        }
        throw notFound(artifact)
    }

    static func find(_ artifact: String, in directory: FilePath, _ database: Database) throws -> ArtifactInfo {
        let (versions, version) = try locate(artifact, in: directory, database)
        return versions.info(version, in: directory)
    }

    static func find(_ reference: ArtifactReference, in directory: FilePath, _ database: Database) throws
        -> ArtifactInfo
    {
        guard let versions = try ArtifactVersions(reference.name, in: directory, database) else {
            throw notFound(reference.name)
        }
        return versions.info(try versions.version(reference.version), in: directory)
    }

    /// Gives an upload its number and its place; what it repeats stays as it is.
    static func add(
        _ new: NewVersion,
        to name: String,
        at upload: FilePath,
        in directory: FilePath,
        _ database: Database
    ) throws -> Int {
        let versions = try ArtifactVersions(name, in: directory, database)
        if let versions, let newest = versions.all.last {
            try note(newest, of: versions, database)
            if newest.digest == new.digest {
                if let text = new.description { try update("description", to: text, newest, of: name, database) }
                return newest.number
            }
        }
        let number = (versions?.lastNumber ?? 0) + 1
        let path = ".versions/\(number)/\(name)"
        let target = directory.pushing(FilePath(path))
        try target.removingLastComponent().createDirectories()
        let version = ArtifactVersions.Version(
            number: number,
            path: path,
            identity: new.identity,
            digest: new.digest,
            created: RFC3339.now(),
            description: new.description,
            isNoted: false
        )
        try insert(version, of: name, default: versions?.defaultNumber ?? number, database)
        try upload.rename(to: target)
        return number
    }

    /// Writes down a version that somebody has put into place by hand.
    static func note(_ version: ArtifactVersions.Version, of versions: ArtifactVersions, _ database: Database) throws {
        guard version.isNoted else {
            return try insert(version, of: versions.name, default: versions.defaultNumber, database)
        }
        // What was noted of another state of the file is no longer true.
        try database.execute(
            sql: """
                UPDATE artifactVersion SET identity = :identity, digest = :digest, created = :created,
                    description = :description, kind = :kind
                WHERE name = :name AND version = :version AND identity <> :identity
                """,
            arguments: [
                "identity": try encodeText(version.identity), "digest": version.digest?.description,
                "created": RFC3339.format(version.created), "description": version.description, "kind": version.kind,
                "name": versions.name, "version": version.number,
            ]
        )
    }

    private static func insert(
        _ version: ArtifactVersions.Version,
        of name: String,
        default defaultNumber: Int,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO artifactVersion (name, version, path, identity, digest, created, description)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                name, version.number, version.path, try encodeText(version.identity), version.digest?.description,
                RFC3339.format(version.created), version.description,
            ]
        )
        try database.execute(
            sql: """
                INSERT INTO artifact (name, defaultVersion, lastVersion) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET defaultVersion = excluded.defaultVersion, lastVersion = excluded.lastVersion
                """,
            arguments: [name, defaultNumber, version.number]
        )
    }

    static func setDefault(_ name: String, _ number: Int, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE artifact SET defaultVersion = ? WHERE name = ?",
            arguments: [number, name]
        )
    }

    /// - Parameter column: of `artifactVersion`.
    static func update(
        _ column: String,
        to value: String?,
        _ version: ArtifactVersions.Version,
        of name: String,
        _ database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE artifactVersion SET \(column) = ? WHERE name = ? AND version = ?",
            arguments: [value, name, version.number]
        )
    }

    static func forget(_ version: ArtifactVersions.Version, of versions: ArtifactVersions, _ database: Database) throws
    {
        try database.execute(
            sql: "DELETE FROM artifactVersion WHERE name = ? AND version = ?",
            arguments: [versions.name, version.number]
        )
        try database.execute(
            sql: """
                DELETE FROM artifact
                WHERE name = :name AND NOT EXISTS (SELECT 1 FROM artifactVersion WHERE name = :name)
                """,
            arguments: ["name": versions.name]
        )
    }

    /// - Throws: `conflict` when a job needs one of the versions. Which of them a running job has found under the bare name
    ///   is the job's own affair, so that all of them count as needed; one that waits will take the default.
    static func refuse(
        _ deleted: [ArtifactVersions.Version],
        of versions: ArtifactVersions,
        _ database: Database
    ) throws {
        let named = deleted.map { ArtifactReference(name: versions.name, version: $0.number).description }
        let user = try String.fetchOne(
            database,
            sql: """
                SELECT packaging.id FROM packaging JOIN job ON job.packaging = packaging.serial
                WHERE artifact IN (SELECT value FROM json_each(:named))
                    OR (artifact = :name AND (job.expires >= :now OR :takesDefault))
                LIMIT 1
                """,
            arguments: [
                "named": try encodeText(named), "name": versions.name,
                "now": Int64(Date().timeIntervalSince1970 * 1000),
                "takesDefault": deleted.contains { $0.number == versions.defaultNumber },
            ]
        )
        guard let user else { return }
        let subject = deleted.count == versions.all.count ? versions.name : named[0]
        throw ServiceError(
            .conflict,
            "artifact \"\(subject)\" is in use by model packaging \"\(user)\": wait until it has ended, or delete it first"
        )
    }
}
