import FileSystem
import FoundationEssentials
import JSON
import OCI

extension ImageAssembler {
    /// The image of an archive that an engine saves, read while it arrives.
    ///
    /// Layers of the base stay what they are in the base, so that they are mounted and not sent; the others are in the
    /// store afterwards, compressed as all its layers are. The configuration stays the engine's, byte for byte.
    ///
    /// - Parameters:
    ///   - saved: a tar as `docker save` writes it, with one image.
    ///   - recipe: what the image was to be; gives the manifest its annotations.
    ///   - base: what it was built on, perhaps.
    /// - Throws: ``AssemblerError``; `ArchiveError` for a damaged tar; what the stream throws.
    package func image(
        saved chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
        of recipe: ImageRecipe,
        on base: BaseImage
    ) async throws -> Image {
        let start = ContinuousClock.now
        let saved = SavedImage(writer: builder.writer, known: base.knownDigests)
        let bytes: [UInt8]
        let layers: [StoredLayer]
        do {
            for try await chunk in chunks {
                try Task.checkCancellation()
                try await blocking { try chunk.withUnsafeBytes { try saved.take($0) } }
            }
            (bytes, layers) = try await blocking { try saved.finish() }
        } catch {
            try? await blocking { saved.discard() }
            throw error
        }
        guard let configuration = try? CanonicalJSON.decode(ImageConfiguration.self, from: Data(bytes)) else {
            throw SavedImage.invalid("its configuration is none")
        }
        guard options.platform.accepts(configuration.platform) else {
            throw AssemblerError(
                .platformMismatch,
                "the engine made an image for \(configuration.platform) and not for \(options.platform)"
            )
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let rows = try rows(layers, of: configuration, on: base, seconds: seconds)
        return try Image(
            recipe,
            // A user's Dockerfile may have built on something else.
            on: rows.contains { $0.provenance == .base } ? base : nil,
            configuration: configuration,
            configurationBytes: bytes,
            layers: rows
        )
    }

    private func rows(
        _ layers: [StoredLayer],
        of configuration: ImageConfiguration,
        on base: BaseImage,
        seconds: Double
    ) throws -> [Image.LayerRow] {
        let diffIDs = configuration.rootfs.diffIDs
        guard layers.count == diffIDs.count else {
            throw SavedImage.invalid("it has \(layers.count) layers, and its configuration speaks of \(diffIDs.count)")
        }
        guard layers.count <= options.maximumLayers else { throw tooManyLayers(layers.count) }
        let names = configuration.instructions
        let source = store.wholeRepository
        return try layers.indices.map { index in
            switch layers[index] {
            case .known(let digest):
                guard let row = base.rows.first(where: { $0.layer.has(digest) }), row.layer.diffID == diffIDs[index]
                else { throw SavedImage.invalid("its layers are not those of its configuration") }
                return row
            case .new(let descriptor, let diffID):
                guard diffID == nil || diffID == diffIDs[index] else {
                    throw SavedImage.invalid("its layers are not those of its configuration")
                }
                let name = index < names.count ? names[index] : "layer \(index + 1)"
                return Image.LayerRow(
                    layer: Layer(name: name, descriptor: descriptor, diffID: diffIDs[index]),
                    provenance: .built,
                    source: source,
                    seconds: index == layers.count - 1 ? seconds : 0
                )
            }
        }
    }
}

extension BaseImage {
    /// Its layers, by digest and by diff ID.
    fileprivate var knownDigests: Set<Digest> {
        Set(rows.flatMap { [$0.layer.descriptor.digest, $0.layer.diffID] })
    }
}

extension Layer {
    fileprivate func has(_ digest: Digest) -> Bool { descriptor.digest == digest || diffID == digest }
}

extension ImageConfiguration {
    /// What made each layer, lowest first, in the words of a Dockerfile.
    fileprivate var instructions: [String] {
        (history ?? []).filter { $0.emptyLayer != true }.map { entry in
            var text = (entry.createdBy ?? "")[...]
            if let start = text.firstRange(of: "#(nop) ") {
                text = text[start.upperBound...]
            } else if text.hasPrefix("/bin/sh -c ") {
                text = "RUN " + text.dropFirst("/bin/sh -c ".count)
            }
            return String(text.drop(while: \.isWhitespace).prefix(60))
        }
    }
}
