package import OCI
package import SystemPackage

/// A blob that lies whole in a file.
package struct StoredBlob: Sendable, Hashable {
    package var path: FilePath
    /// Bytes.
    package var size: Int64

    package init(path: FilePath, size: Int64) {
        self.path = path
        self.size = size
    }
}

/// The images that the registry serves: named manifests, and the blobs they are made of.
package protocol ImageCatalog: Sendable {
    /// The tags of every repository.
    func repositories() async throws -> [String: Set<String>]

    /// The manifest or index under a tag of the repository, or any that is stored under a digest; nil for none.
    func manifest(_ selector: ManifestSelector, in repository: String) async throws -> StoredManifest?

    /// The blob of a digest, whichever repositories it belongs to; nil for none.
    func blob(_ digest: Digest) async throws -> StoredBlob?
}
