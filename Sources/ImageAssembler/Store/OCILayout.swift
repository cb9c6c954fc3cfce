import FileSystem
import FoundationEssentials
import JSON
package import OCI
package import SystemPackage

/// An OCI image layout on disk: `oci-layout`, `index.json`, `blobs/<algorithm>/<digest>`, and `ingest/` for what is not
/// yet whole. Several processes may use one at the same time.
///
/// Many repositories share it: an image's name, `repository:tag` with or without a host, is the annotation
/// `org.opencontainers.image.ref.name` of its entry in the index. Source: OCI image specification, "Image Layout".
package struct OCILayout: Sendable, Hashable {
    package let root: FilePath

    /// Whether every blob is on the disk before it gets its name. Without, blobs of 1 MiB and more are left to the
    /// kernel: one that a power cut truncates no longer has its size, so it counts as missing and is made again.
    package var synchronizesLargeBlobs = true

    /// One named entry of the index.
    package struct NamedImage: Sendable, Hashable {
        /// As it is stored: mostly `repository:tag`, but other tools write a tag alone.
        package var name: String
        package var descriptor: Descriptor
    }

    /// Opens the layout at a path, and creates it where there is none; removes what killed processes left in `ingest/`.
    ///
    /// - Throws: ``AssemblerError`` `notALayout` for a layout of another version; `FileSystemError`.
    package static func open(_ root: FilePath) async throws -> OCILayout {
        let layout = OCILayout(root: root)
        try await blocking {
            try layout.ingestDirectory.createDirectories()
            try layout.blobsDirectory.createDirectories()
            let lock = try FileLock(waitingFor: layout.lockFile)
            if layout.versionFile.exists {
                try layout.checkVersion()
            } else {
                try layout.versionFile.writeAtomically(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)
            }
            if !layout.indexFile.exists {
                try layout.writeIndex(.object(["schemaVersion": 2, "manifests": []]))
            }
            try BlobIngest.removeStale(in: layout.ingestDirectory)
            _ = consume lock
        }
        return layout
    }

    /// Opens a layout, perhaps of another tool and read-only, to read from it.
    package static func openExisting(_ root: FilePath) async throws -> OCILayout {
        let layout = OCILayout(root: root)
        try await blocking { try layout.checkVersion() }
        return layout
    }

    private init(root: FilePath) { self.root = root }

    /// The part of the store that a reference names, and its host belongs to the name as it is written.
    package func repository(_ reference: ImageReference) -> LayoutRepository {
        LayoutRepository(layout: self, name: reference.name)
    }

    /// The layout as one repository: what other tools write, where a name in the index is a tag.
    package var wholeRepository: LayoutRepository { LayoutRepository(layout: self, name: nil) }

    /// Where a blob is, or would be.
    package func path(of digest: Digest) -> FilePath {
        root.appending("blobs").appending(digest.algorithm.rawValue).appending(digest.hexadecimal)
    }

    /// Whether the whole blob is here.
    package func contains(_ blob: Descriptor) async throws -> Bool {
        try await blocking { has(blob) }
    }

    func has(_ blob: Descriptor) -> Bool {
        guard let identity = try? FileIdentity(of: path(of: blob.digest)) else { return false }
        return identity.isRegularFile && identity.size == blob.size
    }

    var ingestDirectory: FilePath { root.appending("ingest") }
    var indexFile: FilePath { root.appending("index.json") }
    var lockFile: FilePath { root.appending("index.lock") }
    private var blobsDirectory: FilePath { root.appending("blobs").appending("sha256") }
    private var versionFile: FilePath { root.appending("oci-layout") }

    private func checkVersion() throws {
        struct Version: Decodable { var imageLayoutVersion: String }
        guard versionFile.exists else {
            throw AssemblerError(.notALayout, "\(root) is no OCI image layout: it has no file oci-layout")
        }
        let version = try? CanonicalJSON.decode(Version.self, from: Data(versionFile.readAll(limit: 1 << 16)))
        guard let version, version.imageLayoutVersion.hasPrefix("1.") else {
            throw AssemblerError(
                .notALayout,
                "\(root) is an OCI image layout of version \(version?.imageLayoutVersion ?? "unknown"); this program reads version 1.0.0"
            )
        }
    }
}
