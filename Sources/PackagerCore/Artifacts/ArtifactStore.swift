import FileSystem
import FoundationEssentials
import GRDB
package import OCI
import SystemPackage

/// The local artifact store: files that users upload, each upload a version under its name, or drop in by hand.
///
/// Methods take an artifact as packagings name it: `wine.zip` for the default version, `wine.zip@2` for another. An
/// artifact whose own name ends like that goes before another's version.
package struct ArtifactStore: Sendable {
    let directory: FilePath
    let database: PackagerDatabase
    var ingest: FilePath { directory.appending(".ingest") }

    /// Creates the directory and removes what uploads that were killed have left.
    init(directory: FilePath, database: PackagerDatabase) async throws {
        self.directory = directory
        self.database = database
        let ingest = ingest
        try await blocking {
            try ingest.createDirectories()
            try ArtifactIngest.removeAbandoned(in: ingest)
        }
    }

    /// Stores a new version of an artifact; the others stay. It is there whole when this returns, and not at all when this
    /// throws. Memory does not depend on its size.
    ///
    /// Bytes that are the newest version's make no new one, so that an upload may be repeated.
    ///
    /// - Parameter becomesDefault: whether the name alone stands for this version from now on. The first one always does.
    /// - Throws: ``ServiceError`` `invalid` for a bad name.
    package func put<Chunks: AsyncSequence>(
        _ name: String,
        description: String? = nil,
        becomesDefault: Bool = true,
        _ chunks: Chunks
    ) async throws -> ArtifactInfo where Chunks.Element == [UInt8] {
        try ArtifactName.checkNew(name)
        let upload = try await blocking { [ingest] in try ArtifactIngest(in: ingest) }
        do {
            for try await chunk in chunks {
                try Task.checkCancellation()
                try await upload.append(chunk)
            }
            // Some sequences end as if they were whole when their task is cancelled.
            try Task.checkCancellation()
            let (digest, identity) = try await upload.finish()
            let info = try await database.write { [directory] database in
                let version = NewVersion(digest: digest, identity: identity, description: description)
                let number = try Self.add(version, to: name, at: upload.path, in: directory, database)
                if becomesDefault { try Self.setDefault(name, number, database) }
                return try Self.find(ArtifactReference(name: name, version: number), in: directory, database)
            }
            try? upload.path.removeTree()
            try await blocking { try info.path.removingLastComponent().synchronizeDirectory() }
            return info
        } catch {
            try? upload.path.removeTree()
            throw error
        }
    }

    /// The default versions of all artifacts, ordered by the bytes of their names.
    package func list() async throws -> [ArtifactInfo] {
        try await database.read { [directory] database in
            let onDisk = try directory.entries().map(\.string).filter { !$0.hasPrefix(".") }
            let known = try String.fetchAll(database, sql: "SELECT name FROM artifact")
            return try Set(onDisk + known).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { name in
                guard let versions = try ArtifactVersions(name, in: directory, database) else { return nil }
                return versions.info(try versions.version(nil), in: directory)
            }
        }
    }

    /// All versions of an artifact, the oldest first.
    ///
    /// - Throws: ``ServiceError`` `notFound`.
    package func versions(of name: String) async throws -> [ArtifactInfo] {
        try await database.read { [directory] database in
            try ArtifactName.check(name)
            guard let versions = try ArtifactVersions(name, in: directory, database) else {
                throw Self.notFound(name)
            }
            return versions.all.map { versions.info($0, in: directory) }
        }
    }

    /// - Throws: ``ServiceError`` `notFound`.
    package func info(_ artifact: String) async throws -> ArtifactInfo {
        var info = try await database.read { [directory] in try Self.find(artifact, in: directory, $0) }
        if let digest = info.digest, let model = try await database.model(for: digest, fallbackName: info.fallbackName)
        {
            info.model = model
            info.kind = model.kindName
        }
        return info
    }

    /// The digest of an artifact's bytes, read when it is not known yet; nil for a directory.
    package func digest(of artifact: String) async throws -> Digest? { try await hashed(info(artifact)).digest }

    /// What is known of the artifact, its digest included, which is read when it is not known yet.
    func hashed(_ info: ArtifactInfo) async throws -> ArtifactInfo {
        guard info.digest == nil, !info.isDirectory else { return info }
        var info = info
        let path = info.path
        let before = try FileIdentity(of: path)
        let digest = try await withCancellableBlocking { try ArtifactIngest.digest(of: path, cancellation: $0) }
        info.digest = digest
        // A file that changed while it was read has no digest worth keeping.
        guard try FileIdentity(of: path) == before else { return info }
        try await database.write { [info, directory] database in
            guard let versions = try ArtifactVersions(info.name, in: directory, database),
                let version = versions[info.version], version.identity == before
            else { return }
            try Self.note(version, of: versions, database)
            try Self.update("digest", to: digest.description, version, of: info.name, database)
        }
        return info
    }

    /// Replaces the description of a version; nil for none.
    ///
    /// - Throws: ``ServiceError``: `notFound`, or `invalid` for a directory, whose content changes without a trace.
    package func describe(_ artifact: String, _ description: String?) async throws -> ArtifactInfo {
        try await change(artifact) { versions, version, database in
            guard !version.identity.isDirectory else {
                throw ServiceError(.invalid, "artifact \"\(versions.name)\" is a directory, which has no description")
            }
            try Self.note(version, of: versions, database)
            try Self.update("description", to: description, version, of: versions.name, database)
        }
        return try await info(artifact)
    }

    /// Makes the artifact's name alone stand for one of its versions.
    ///
    /// - Throws: ``ServiceError``: `notFound`, or `invalid` for a name with a version.
    package func setDefault(_ name: String, to number: Int) async throws -> ArtifactInfo {
        try await change(name) { versions, _, database in
            guard versions.name == name else {
                throw ServiceError(
                    .invalid,
                    "\"\(name)\" is one version; the default version is set on the artifact \"\(versions.name)\""
                )
            }
            try Self.note(versions.version(number), of: versions, database)
            try Self.setDefault(name, number, database)
        }
        return try await info(name)
    }

    /// Writes down what was found in a version.
    func record(kind: String, of info: ArtifactInfo) async throws {
        try await database.write { [directory] database in
            guard let versions = try ArtifactVersions(info.name, in: directory, database),
                let version = versions[info.version], version.isNoted, version.digest == info.digest
            else { return }
            try Self.update("kind", to: kind, version, of: info.name, database)
        }
    }

    /// Removes one version (`wine.zip@2`), or an artifact with all of them. When the default version goes, the newest that
    /// is left takes its place.
    ///
    /// - Throws: ``ServiceError``: `notFound`, or `conflict` while a waiting or running job needs it.
    package func delete(_ artifact: String) async throws {
        try await change(artifact) { [directory] versions, version, database in
            let isOne = versions.name != artifact
            try Self.refuse(isOne ? [version] : versions.all, of: versions, database)
            for version in isOne ? [version] : versions.all {
                try directory.pushing(FilePath(version.path)).removeTree()
                try Self.forget(version, of: versions, database)
            }
        }
    }

    private func change(
        _ artifact: String,
        _ work: @escaping @Sendable (ArtifactVersions, ArtifactVersions.Version, Database) throws -> Void
    ) async throws {
        try await database.write { [directory] database in
            let (versions, version) = try Self.locate(artifact, in: directory, database)
            try work(versions, version, database)
        }
    }
}
