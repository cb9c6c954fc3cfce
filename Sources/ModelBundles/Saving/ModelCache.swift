import FileSystem
package import ImageAssembler
package import OCI
package import SystemPackage

/// The models of this machine: an OCI image layout, where ORMB has its own.
///
/// Saving and pulling write into it, pushing and exporting read from it. A model's name in the index is its whole
/// reference, so that `skopeo copy oci:ROOT/cache:REFERENCE …` finds it.
package struct ModelCache: Sendable {
    /// `~/.ormb`, or where it was put; the layout is the directory `cache` in it.
    package let root: FilePath
    package let layout: OCILayout
    let index: any LayerIndex
    let locations: (any BlobLocationIndex)?
    /// Layers and blobs that are worked on at the same time.
    let concurrency: Int

    /// - Parameters:
    ///   - index: remembers which blobs files have become, so that unchanged files are not read again.
    ///   - locations: remembers what registries hold.
    package static func open(
        _ root: FilePath,
        index: any LayerIndex,
        locations: (any BlobLocationIndex)? = nil,
        concurrency: Int = 4
    ) async throws -> ModelCache {
        try await ModelCache(
            root: root,
            layout: OCILayout.open(root.appending("cache")),
            index: index,
            locations: locations,
            concurrency: concurrency
        )
    }

    var lockFile: FilePath { layout.root.appending("gc.lock") }

    /// The manifest under a name of the cache.
    ///
    /// - Throws: ``BundleError`` `notFound`.
    package func manifest(_ reference: ImageReference) async throws -> StoredManifest {
        let repository = layout.repository(reference)
        guard try await repository.contains(reference.selector) else {
            throw BundleError(.notFound, "Model not found: \(reference)")
        }
        return try await repository.manifest(reference.selector)
    }

    /// Whether a name is known.
    package func contains(_ reference: ImageReference) async throws -> Bool {
        try await layout.repository(reference).contains(reference.selector)
    }

    /// A model of the cache, its manifest and configuration read.
    package func bundle(_ reference: ImageReference) async throws -> ModelBundle {
        try await ModelBundle(manifest(reference), from: layout.repository(reference), named: reference.description)
    }

    /// Gives a model a second name.
    package func tag(_ source: ImageReference, as target: ImageReference) async throws {
        guard try await contains(source) else {
            throw BundleError(.notFound, "Failed to find the ref \(source)")
        }
        try await name(manifest(source).descriptor, target)
    }

    /// Takes a model's name away; its blobs stay until ``collectGarbage(dryRun:)``.
    package func remove(_ reference: ImageReference) async throws {
        guard try await layout.removeName(reference.cacheName) else {
            throw BundleError(.notFound, "Model not found: \(reference)")
        }
    }

    /// Lists a manifest in the index under a whole reference.
    func name(_ manifest: Descriptor, _ reference: ImageReference) async throws {
        try await layout.setName(
            reference.cacheName,
            to: Descriptor(mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size)
        )
    }
}

extension ImageReference {
    /// The name that the cache's index gives a reference.
    var cacheName: String { tag.map { "\(name):\($0)" } ?? digest.map { "\(name)@\($0)" } ?? "\(name):latest" }

    /// As ORMB reads names: `host/name:tag` is `host/name/name:tag`.
    package var expandedAsORMB: ImageReference {
        guard host != nil, tag != nil, !repository.contains("/") else { return self }
        var expanded = self
        expanded.repository = "\(repository)/\(repository)"
        return expanded
    }
}
