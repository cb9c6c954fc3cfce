import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
package import OCI

extension ModelCache {
    /// Saves a prepared model under a name. Equal files give equal digests.
    ///
    /// - Throws: ``BundleError``, `FileSystemError`; what was finished until then stays in the cache, unnamed.
    package func save(
        _ model: PreparedModel,
        as reference: ImageReference,
        profile: BundleProfile
    ) async throws -> ModelBundle {
        try await whileUsing {
            let manifest =
                switch profile {
                case .ormb: try await ormbManifest(of: model)
                case .modelPack: try await modelPackManifest(of: model)
                case .kitOps, .dockerModel:
                    throw BundleError(.format, "the profile \(profile.rawValue) is read and not written")
                }
            let bytes = try CanonicalJSON.encode(manifest)
            guard bytes.count <= ModelBundle.manifestLimit else {
                throw BundleError(
                    .invalidModel,
                    "the model has so many files that its manifest takes \(bytes.count) bytes, more than the "
                        + "\(ModelBundle.manifestLimit) that registries take; save it with the profile ormb"
                )
            }
            let stored = StoredManifest(mediaType: .ociManifest, bytes: bytes)
            try await layout.repository(reference).put(stored, tag: nil)
            try await name(stored.descriptor, reference)
            return try await bundle(reference)
        }
    }

    /// ORMB's manifest: neither media type nor annotations. Source: ORMB, `pkg/oci`.
    private func ormbManifest(of model: PreparedModel) async throws -> ImageManifest {
        var layer = try await indexed("ormb:\(model.fingerprint)", model.tree.files) {
            let entries = model.tree.files.map { $0.entry(below: PreparedModel.modelDirectory + "/") }
            return try await LayerWriter(store: layout).write(entries, name: "model", compression: .deflate)
        }.descriptor
        layer.mediaType = .ormbLayer
        let configuration = try await put(CanonicalJSON.encode(model.metadata.document), as: .ormbConfiguration)
        var manifest = ImageManifest(config: configuration, layers: [layer])
        manifest.mediaType = nil
        return manifest
    }

    /// Stores a small blob.
    func put(_ bytes: Data, as mediaType: MediaType) async throws -> Descriptor {
        let descriptor = Descriptor(mediaType: mediaType, digest: .sha256(of: bytes), size: Int64(bytes.count))
        if try await !layout.contains(descriptor) {
            try await layout.wholeRepository.put(descriptor, .bytes(Array(bytes)))
        }
        return descriptor
    }

    /// The layer that files have become before, when they are as they were and the cache still has it; or else a new one.
    func indexed(
        _ key: String,
        _ files: [ModelTree.File],
        make: () async throws -> Layer
    ) async throws -> Layer {
        let key = "model;1;\(key)"
        if let known = try await index.layers(for: key)?.first, try await layout.contains(known.descriptor) {
            return known
        }
        let layer = try await make()
        try await blocking { try PreparedModel.check(files) }
        try await index.record([layer], for: key)
        return layer
    }
}

extension ModelTree.File {
    /// - Parameter prefix: ends in a slash.
    func entry(below prefix: String) -> LayerEntry {
        LayerEntry(
            path: prefix + path,
            kind: .file(location, size: identity.size, executable: identity.isExecutable)
        )
    }
}
