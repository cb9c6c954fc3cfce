package import OCI
package import SystemPackage

/// The local artifact store: one directory of files that users upload, or drop in by hand.
package struct ArtifactStore: Sendable {
    let directory: FilePath

    /// Stores an artifact, replacing one of the same name. It is there whole when this returns, and not at all when
    /// this throws. Memory does not depend on its size.
    ///
    /// - Throws: ``ServiceError``: `invalid` for a bad name, `conflict` while a running job reads the one there is.
    package func put<Chunks: AsyncSequence>(
        _ name: String,
        description: String? = nil,
        _ chunks: Chunks
    ) async throws -> ArtifactInfo where Chunks.Element == [UInt8] {
        throw ServiceError(.unusableState, "not yet")
    }

    /// All artifacts, ordered by name.
    package func list() async throws -> [ArtifactInfo] { [] }

    /// - Throws: ``ServiceError`` `notFound`.
    package func info(_ name: String) async throws -> ArtifactInfo { throw ServiceError.notFound(name) }

    /// The digest of an artifact's bytes, read when it is not known yet.
    package func digest(of name: String) async throws -> Digest? { nil }

    /// Where the artifact is.
    ///
    /// - Throws: ``ServiceError`` `notFound`.
    package func path(of name: String) throws -> FilePath { throw ServiceError.notFound(name) }

    /// - Throws: ``ServiceError``: `notFound`, or `conflict` while a waiting or running job names it.
    package func delete(_ name: String) async throws { throw ServiceError.notFound(name) }
}
