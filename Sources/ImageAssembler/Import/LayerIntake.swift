import OCI

/// A layer that came out of an archive.
enum StoredLayer: Sendable, Hashable {
    /// One that the caller has from elsewhere, by its digest or diff ID.
    case known(Digest)
    /// In the store. The diff ID is nil for a layer that came compressed.
    case new(Descriptor, diffID: Digest?)
}

/// What the first bytes of a layer say of it.
enum TarMark {
    case tar, gzip, zstandard

    /// Bytes that are looked at.
    static let length = 512

    /// Nil for what is neither a tar nor compressed.
    init?(_ first: [UInt8]) {
        if first.starts(with: [0x1f, 0x8b]) {
            self = .gzip
        } else if first.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
            self = .zstandard
        } else if first.count == Self.length, first[257..<262].elementsEqual("ustar".utf8) {
            self = .tar
        } else {
            return nil
        }
    }

    var isCompressed: Bool { self != .tar }
}

/// Takes a layer into a store while it arrives: compressed as the store's layers are, or, where it comes compressed, as
/// it is.
final class LayerIntake {
    private let blob: BlobIngest
    private let pipeline: LayerPipeline
    private let mediaType: MediaType
    private let isCompressed: Bool

    init(_ writer: LayerWriter, isCompressed: Bool, mark: TarMark? = nil) throws {
        self.isCompressed = isCompressed
        let mode = isCompressed ? .none : writer.compression
        mediaType =
            switch mark {
            case .gzip: .ociLayerGzip
            case .zstandard: .ociLayerZstandard
            case .tar, nil: mode == .none ? .ociLayer : .ociLayerGzip
            }
        blob = try BlobIngest(in: writer.store)
        pipeline = try LayerPipeline(blob: blob, mode: mode, threads: writer.threads)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws { try pipeline.append(bytes) }

    /// - Parameter known: layers that are not kept.
    func finish(unless known: Set<Digest>) throws -> StoredLayer {
        let result = try pipeline.finish()
        // Of a compressed layer, this is the digest of what was read.
        if known.contains(result.diffID) {
            blob.discard()
            return .known(result.diffID)
        }
        try blob.commit(result.digest)
        let descriptor = Descriptor(mediaType: mediaType, digest: result.digest, size: result.size)
        return .new(descriptor, diffID: isCompressed ? nil : result.diffID)
    }

    func discard() {
        pipeline.drain()
        blob.discard()
    }
}
