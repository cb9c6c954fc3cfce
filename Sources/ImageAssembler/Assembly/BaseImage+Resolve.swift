import JSON
package import OCI

extension BaseImage {
    /// Reads the manifest and configuration of an image, of an index the one for a platform.
    ///
    /// - Throws: ``AssemblerError`` `platformMismatch` (with the platforms there are), `invalidBase`; what the source
    ///   throws.
    package static func resolve(
        _ reference: ImageReference,
        from source: any ImageSource,
        platform: Platform = .host
    ) async throws -> BaseImage {
        var stored = try await source.manifest(reference.selector)
        if stored.descriptor.mediaType.isIndex {
            let index = try Self.decode(ImageIndex.self, from: stored, reference)
            guard let chosen = index.manifest(for: platform) else {
                // Attestations have the platform unknown/unknown.
                let known = index.manifests.compactMap(\.platform).filter { $0.os != "unknown" }.map(\.description)
                throw AssemblerError(
                    .platformMismatch,
                    "image \(reference) is not made for \(platform), only for \(known.sorted().joined(separator: ", "))"
                )
            }
            stored = try await source.manifest(.digest(chosen.digest))
        }
        guard stored.descriptor.mediaType.isManifest else {
            throw AssemblerError(
                .invalidBase,
                "\(reference) is no image: its manifest has the type \(stored.descriptor.mediaType)"
            )
        }
        let manifest = try Self.decode(ImageManifest.self, from: stored, reference)
        let bytes = try await source.smallBlob(manifest.config)
        guard let configuration = try? CanonicalJSON.decode(ImageConfiguration.self, from: bytes) else {
            throw AssemblerError(
                .invalidBase,
                "\(reference) is no container image: its configuration (\(manifest.config.mediaType)) cannot be read"
            )
        }
        let base = BaseImage(
            reference: reference,
            descriptor: stored.descriptor,
            manifest: manifest,
            configuration: configuration,
            source: source
        )
        try base.check(for: platform)
        return base
    }

    /// - Throws: ``AssemblerError`` when the image is for another platform, or its configuration does not fit its layers.
    func check(for platform: Platform) throws {
        guard platform.accepts(configuration.platform) else {
            throw AssemblerError(
                .platformMismatch,
                "image \(reference) is made for \(configuration.platform) and not for \(platform)"
            )
        }
        guard manifest.layers.count == configuration.rootfs.diffIDs.count else {
            throw AssemblerError(
                .invalidBase,
                "image \(reference) is damaged: it has \(manifest.layers.count) layers, "
                    + "and its configuration speaks of \(configuration.rootfs.diffIDs.count)"
            )
        }
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        from stored: StoredManifest,
        _ reference: ImageReference
    ) throws -> Value {
        do {
            return try CanonicalJSON.decode(type, from: stored.bytes)
        } catch {
            throw AssemblerError(
                .invalidBase,
                "the manifest of \(reference) (\(stored.descriptor.digest)) cannot be read: it is not what its type "
                    + "\(stored.descriptor.mediaType) says"
            )
        }
    }
}
