import Concurrency
package import ImageAssembler
package import OCI

extension ModelCache {
    /// Brings a model of the cache to a registry.
    ///
    /// - Throws: ``BundleError`` `notFound`, `RegistryError`.
    package func push(
        _ reference: ImageReference,
        to destination: any ImageDestination
    ) async throws -> (bundle: ModelBundle, report: ImagePusher.Report) {
        let bundle = try await bundle(reference)
        let report = try await ImagePusher(concurrentBlobs: concurrency, locations: locations).copy(
            bundle.stored,
            from: layout.repository(reference),
            to: destination,
            tag: reference.digest == nil ? reference.tag ?? "latest" : reference.tag
        )
        return (bundle, report)
    }

    /// Brings a model from a registry into the cache: blobs that are here already stay, all others are verified.
    ///
    /// - Returns: the model, and whether its name stood for something else, or nothing, before.
    /// - Throws: ``BundleError``, `RegistryError`, `AssemblerError` for blobs that are not what they should be. The name
    ///   then stands for what it did before.
    package func pull(
        _ reference: ImageReference,
        from source: any ImageSource
    ) async throws -> (bundle: ModelBundle, isNew: Bool) {
        try await whileUsing {
            let known = try? await manifest(reference).descriptor.digest
            let stored = try await source.manifest(reference.selector)
            // Read before the weights come: what is no model is not worth the transfer.
            let bundle = try await ModelBundle(stored, from: source, named: reference.description)
            let pusher = ImagePusher(concurrentBlobs: concurrency)
            _ = try await pusher.copy(stored, from: source, to: layout.repository(reference), tag: nil)
            try await name(stored.descriptor, reference)
            return (bundle, known != bundle.digest)
        }
    }

    /// Brings some of a model's files into the cache, to be exported with the same patterns. The model gets no name: it
    /// is not whole.
    ///
    /// - Returns: the model and the layers that are here now. A layer of several files comes whole.
    package func pull(
        _ reference: ImageReference,
        including patterns: [GlobPattern],
        from source: any ImageSource
    ) async throws -> (bundle: ModelBundle, layers: [BundleLayer]) {
        try await whileUsing {
            let stored = try await source.manifest(reference.selector)
            let bundle = try await ModelBundle(stored, from: source, named: reference.description)
            let wanted = bundle.layers.filter { $0.path.map(patterns.matches) ?? true }
            _ = try await wanted.concurrentMap(limit: concurrency) { try await bring($0.descriptor, from: source) }
            return (bundle, wanted)
        }
    }

    /// Brings one blob into the cache.
    func bring(_ blob: Descriptor, from source: any ImageSource) async throws {
        if try await layout.contains(blob) { return }
        try await layout.wholeRepository.put(blob, source.blob(blob))
    }
}
