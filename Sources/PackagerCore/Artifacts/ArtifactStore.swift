import FileSystem
import FoundationEssentials
import GRDB
package import OCI
package import SystemPackage

/// The local artifact store: one directory of files that users upload, or drop in by hand.
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

    /// Stores an artifact, replacing one of the same name. It is there whole when this returns, and not at all when
    /// this throws. Memory does not depend on its size.
    ///
    /// - Throws: ``ServiceError``: `invalid` for a bad name, `conflict` while a running job reads the one there is.
    package func put<Chunks: AsyncSequence>(
        _ name: String,
        description: String? = nil,
        _ chunks: Chunks
    ) async throws -> ArtifactInfo where Chunks.Element == [UInt8] {
        try Self.checkName(name)
        try await database.read { try Self.refuse(name, onlyRunning: true, $0) }
        let path = directory.appending(name)
        let upload = try await blocking { [ingest] in try ArtifactIngest(in: ingest) }
        do {
            for try await chunk in chunks {
                try Task.checkCancellation()
                try await upload.append(chunk)
            }
            // Some sequences end as if they were whole when their task is cancelled.
            try Task.checkCancellation()
            let (digest, identity) = try await upload.finish()
            // Within the transaction no worker can claim a job that would read half the old artifact and half the new one.
            try await database.write { database in
                try Self.refuse(name, onlyRunning: true, database)
                try Self.record(name, identity, digest, RFC3339.now(), description, database)
                try upload.path.rename(to: path)
            }
            try await blocking { [directory] in try directory.synchronizeDirectory() }
        } catch {
            try? upload.path.removeTree()
            throw error
        }
        return try await info(name)
    }

    /// All artifacts, ordered by the bytes of their names.
    package func list() async throws -> [ArtifactInfo] {
        let names = try await blocking { [directory] in try directory.entries().map(\.string) }
        var artifacts: [ArtifactInfo] = []
        for name in names where !name.hasPrefix(".") {
            // One that goes in the meantime is left out.
            do { artifacts.append(try await info(name)) } catch let error as ServiceError where error.kind == .notFound
            {}
        }
        return artifacts
    }

    /// - Throws: ``ServiceError`` `notFound`.
    package func info(_ name: String) async throws -> ArtifactInfo {
        let identity = try identity(of: name)
        let row = try await database.artifact(name, identity)
        var info = ArtifactInfo(
            name: name,
            size: identity.isDirectory ? nil : identity.size,
            digest: row?.digest,
            createdAt: row?.created ?? Date(timeIntervalSince1970: Double(identity.modified / 1_000_000) / 1000),
            description: row?.description
        )
        if let digest = info.digest {
            info.model = try await database.model(for: digest, fallbackName: Self.stem(of: name))
        }
        return info
    }

    /// The digest of an artifact's bytes, read when it is not known yet; nil for a directory.
    package func digest(of name: String) async throws -> Digest? {
        let identity = try identity(of: name)
        if identity.isDirectory { return nil }
        if let known = try await database.artifact(name, identity)?.digest { return known }
        let path = directory.appending(name)
        let digest = try await withCancellableBlocking { try ArtifactIngest.digest(of: path, cancellation: $0) }
        // A file that changed while it was read has no digest worth keeping.
        guard try self.identity(of: name) == identity else { return digest }
        let created = Date(timeIntervalSince1970: Double(identity.modified / 1_000_000) / 1000)
        try await database.write { try Self.record(name, identity, digest, created, nil, $0) }
        return digest
    }

    /// The digest as far as it is known without reading the artifact.
    func knownDigest(of name: String) async throws -> Digest? {
        try await database.artifact(name, identity(of: name))?.digest
    }

    /// Replaces an artifact's description; nil for none.
    ///
    /// - Throws: ``ServiceError``: `notFound`, or `invalid` for a directory, which has no bytes to describe.
    package func describe(_ name: String, _ description: String?) async throws -> ArtifactInfo {
        guard try await digest(of: name) != nil else {
            throw ServiceError(.invalid, "artifact \"\(name)\" is a directory, which has no description")
        }
        try await database.write { database in
            try database.execute(
                sql: "UPDATE artifact SET description = ? WHERE name = ?",
                arguments: [description, name]
            )
        }
        return try await info(name)
    }

    /// Where the artifact is.
    ///
    /// - Throws: ``ServiceError`` `notFound`.
    package func path(of name: String) throws -> FilePath {
        _ = try identity(of: name)
        return directory.appending(name)
    }

    /// - Throws: ``ServiceError``: `notFound`, or `conflict` while a waiting or running job names it.
    package func delete(_ name: String) async throws {
        let path = try path(of: name)
        try await database.write { database in
            try Self.refuse(name, onlyRunning: false, database)
            try path.removeTree()
            try database.execute(sql: "DELETE FROM artifact WHERE name = ?", arguments: [name])
        }
    }

    private func identity(of name: String) throws -> FileIdentity {
        try Self.checkName(name)
        let path = directory.appending(name)
        guard let identity = try? FileIdentity(of: path), identity.isDirectory || identity.isRegularFile else {
            throw ServiceError(.notFound, "artifact \"\(name)\" is not found")
        }
        return identity
    }

    /// A name is one component of a path that is not hidden.
    static func checkName(_ name: String) throws {
        let isVisible = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !name.isEmpty, name.utf8.count <= 255, !name.hasPrefix("."), !name.contains("/"), isVisible else {
            throw ServiceError(
                .invalid,
                "\"\(name)\" is not an artifact name: it needs 1 to 255 bytes, no slash or control character, and no dot at its start"
            )
        }
    }

    /// A model that has no name of its own is called after its artifact, without what tells the kind of archive.
    static func stem(of name: String) -> String {
        let extensions = [".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz", ".txz", ".zip", ".tar"]
        guard let ending = extensions.first(where: { name.lowercased().hasSuffix($0) && name.count > $0.count }) else {
            return name
        }
        return String(name.dropLast(ending.count))
    }
}
