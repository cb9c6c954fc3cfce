import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import SystemPackage

/// Reads a base image's layers for ``BaseLayer``: each once, ever, and then from the cache.
struct BaseLayerReader: Sendable {
    var cache: CacheDirectory

    /// Whether the layer has been read before.
    func knows(_ layer: Descriptor) -> Bool { record(layer).exists }

    /// - Throws: ``PythonEnvironmentError`` `unreadableBase`; `BlobError`; what the source throws.
    func read(_ layer: Descriptor, of source: any ImageSource) async throws -> BaseLayer {
        let record = record(layer)
        if let bytes = try? record.readAll(), let known = try? CanonicalJSON.decode(BaseLayer.self, from: Data(bytes)) {
            return known
        }
        let read = try await list(layer, of: source)
        try record.removingLastComponent().createDirectories()
        try record.writeAtomically(CanonicalJSON.encode(read))
        return read
    }

    /// The number counts up when more is looked for.
    private func record(_ layer: Descriptor) -> FilePath {
        cache.baseLayers.appending(contentKey(["base layer 1", "\(layer.digest)"]) + ".json")
    }

    private func list(_ layer: Descriptor, of source: any ImageSource) async throws -> BaseLayer {
        switch try await source.blob(layer) {
        case .file(let path): return try await BaseLayerListing.read(path)
        case .bytes(let bytes):
            return try await withTemporaryDirectory(in: cache.unfinished) { directory in
                let file = directory.appending("layer")
                try await blocking { try file.writeAtomically(bytes) }
                return try await BaseLayerListing.read(file)
            }
        case .stream(let chunks):
            return try await withTemporaryDirectory(in: cache.unfinished) { directory in
                let file = directory.appending("layer")
                try await write(chunks, of: layer, to: file)
                return try await BaseLayerListing.read(file)
            }
        }
    }

    private func write(
        _ chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
        of layer: Descriptor,
        to path: FilePath
    ) async throws {
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        defer { try? file.close() }
        var hash = FileHash()
        var size: Int64 = 0
        for try await chunk in chunks {
            size += Int64(chunk.count)
            guard size <= layer.size else { throw BlobError(layer.digest, "is longer than it says") }
            hash.update(chunk)
            try await blocking { try naming("write", path) { _ = try file.writeAll(chunk) } }
        }
        guard hash.digest() == layer.digest else {
            throw BlobError(layer.digest, "arrived with other content than its digest says")
        }
    }
}
