import OCI

/// A stored layer that is in no store: hashed where its files lie, and made again for whoever asks for its bytes.
///
/// Weights on their way to a registry are therefore read twice and written nowhere. A store that such a layer is put
/// into, and every registry, verifies its digest.
struct UnwrittenLayer: ImageSource {
    let store: OCILayout
    /// The layer's tar.
    let tar: @Sendable () async throws -> TarSegments

    var origin: ImageOrigin { .layout(store.root) }

    func manifest(_ selector: ManifestSelector) async throws -> StoredManifest {
        try await store.wholeRepository.manifest(selector)
    }

    func blob(_ descriptor: Descriptor) async throws -> BlobContent {
        if try await store.contains(descriptor) { return .file(store.path(of: descriptor.digest)) }
        return .stream(try await tar())
    }
}
