import FileSystem
import ImageAssembler
package import OCI
import SystemPackage

extension ModelCache {
    /// A blob that no model of the cache has.
    package struct Garbage: Sendable, Hashable {
        package var digest: Digest
        /// Bytes.
        package var size: Int64
    }

    /// Removes what no entry of the index leads to, and waits for nobody: while a model is saved or pulled, it refuses.
    ///
    /// - Parameter dryRun: only says what would go.
    /// - Throws: ``BundleError`` `busy`; `AssemblerError` for a manifest that cannot be read, since what it names is then
    ///   not known: nothing is removed.
    package func collectGarbage(dryRun: Bool) async throws -> [Garbage] {
        let lock = try await blocking { try CacheLock(lockFile, exclusive: true) }
        defer { lock.release() }
        var used: Set<Digest> = []
        for descriptor in try await layout.manifestDescriptors() { try await mark(descriptor, &used) }
        let reached = used
        return try await blocking {
            let directory = layout.root.appending("blobs").appending("sha256")
            var garbage: [Garbage] = []
            for name in try directory.entries() {
                guard let digest = Digest("sha256:\(name.string)"), !reached.contains(digest) else { continue }
                let blob = directory.appending(name)
                garbage.append(Garbage(digest: digest, size: try FileIdentity(of: blob).size))
                if !dryRun { try blob.removeTree() }
            }
            return garbage
        }
    }

    private func mark(_ descriptor: Descriptor, _ used: inout Set<Digest>) async throws {
        guard used.insert(descriptor.digest).inserted else { return }
        guard descriptor.mediaType.isIndex || descriptor.mediaType.isManifest else { return }
        let stored = try await layout.wholeRepository.manifest(.digest(descriptor.digest))
        for child in try stored.children() { try await mark(child, &used) }
    }
}
