import Crypto
import FileSystem
import ImageAssembler
import OCI
import SystemPackage

extension RootFileSystem {
    /// Unpacks an image's layers, the lowest first.
    ///
    /// - Parameter directory: scratch space; one layer at a time is in it.
    func unpack(_ image: BaseImage, scratch directory: FilePath) async throws {
        for layer in image.manifest.layers {
            switch try await image.source.blob(layer) {
            case .file(let path):
                try await withCancellableBlocking { try self.unpack(path, cancellation: $0) }
            case .bytes(let bytes):
                try await unpack(Chunks(bytes), of: layer, directory)
            case .stream(let chunks):
                try await unpack(chunks, of: layer, directory)
            }
        }
    }

    /// Not before its digest is verified.
    private func unpack(
        _ chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
        of layer: Descriptor,
        _ directory: FilePath
    ) async throws {
        let path = directory.appending("layer")
        let file = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: .ownerReadWrite
            )
        }
        do {
            var hash = SHA256()
            var size: Int64 = 0
            for try await chunk in chunks {
                try Task.checkCancellation()
                size += Int64(chunk.count)
                guard size <= layer.size else { throw BlobError(layer.digest, "is longer than it says") }
                hash.update(data: chunk)
                try await blocking { try naming("write", path) { _ = try file.writeAll(chunk) } }
            }
            guard Digest(hash.finalize()) == layer.digest else {
                throw BlobError(layer.digest, "arrived with other content than its digest says")
            }
        } catch {
            try? file.close()
            throw error
        }
        try file.close()
        try await withCancellableBlocking { try self.unpack(path, cancellation: $0) }
        try path.removeTree()
    }
}

/// One chunk.
private struct Chunks: AsyncSequence, Sendable {
    typealias Failure = any Error
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

    struct Iterator: AsyncIteratorProtocol {
        var bytes: [UInt8]?

        mutating func next() async throws -> [UInt8]? { bytes.take() }
    }
}
