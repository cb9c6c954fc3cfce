import FileSystem
package import ImageAssembler
package import OCI

/// The images of a layout on disk that bear this server's name, or none: `wine:1` and `127.0.0.1:5080/wine:1`.
package struct LayoutCatalog: ImageCatalog {
    package var layout: OCILayout
    /// `host:port` under which clients reach this server.
    package var publicHost: String

    package init(layout: OCILayout, publicHost: String) {
        self.layout = layout
        self.publicHost = publicHost
    }

    package func repositories() async throws -> [String: Set<String>] {
        try await named().mapValues { Set($0.keys) }
    }

    package func manifest(_ selector: ManifestSelector, in repository: String) async throws -> StoredManifest? {
        guard let tags = try await named()[repository] else { return nil }
        let digest: Digest
        switch selector {
        case .digest(let wanted): digest = wanted
        case .tag(let tag):
            guard let named = tags[tag] else { return nil }
            digest = named
        }
        guard let size = try await blob(digest)?.size, size <= Self.largestManifest else { return nil }
        let manifest = try await layout.wholeRepository.manifest(.digest(digest))
        // Not every blob is a manifest, though all lie in one directory.
        return (try? manifest.children()) == nil ? nil : manifest
    }

    package func blob(_ digest: Digest) async throws -> StoredBlob? {
        let path = layout.path(of: digest)
        return try await blocking {
            guard let identity = try? FileIdentity(of: path), identity.isRegularFile else { return nil }
            return StoredBlob(path: path, size: identity.size)
        }
    }

    /// Bytes; other registries take no larger ones.
    private static let largestManifest: Int64 = 4 << 20

    /// The digest of each tag of each repository.
    private func named() async throws -> [String: [String: Digest]] {
        var repositories: [String: [String: Digest]] = [:]
        for image in try await layout.images() {
            guard let reference = try? ImageReference(parsing: image.name) else { continue }
            guard reference.host == nil || reference.host == publicHost else { continue }
            repositories[reference.repository, default: [:]][reference.tag ?? "latest"] = image.descriptor.digest
        }
        return repositories
    }
}
