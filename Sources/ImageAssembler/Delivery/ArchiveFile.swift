import Archive
import FileSystem
import OCI
import SystemPackage

import struct Crypto.SHA256

/// A tar on disk that an image is written into, blob by blob.
///
/// `@unchecked Sendable`: its owner calls it from one task, one call after another.
final class ArchiveFile: @unchecked Sendable {
    private let file: FileDescriptor
    private let path: FilePath
    private var tar: TarWriter?

    init(_ path: FilePath) throws {
        let file = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        self.file = file
        self.path = path
        tar = try TarWriter(modified: 0) { bytes in try naming("write", path) { _ = try file.writeAll(bytes) } }
    }

    deinit { try? file.close() }

    static func path(of digest: Digest) -> String { "blobs/\(digest.algorithm.rawValue)/\(digest.hexadecimal)" }

    func add(_ name: String, _ bytes: [UInt8]) async throws {
        try await blocking {
            try self.tar?.addFile(name, size: Int64(bytes.count), executable: false)
            try bytes.withUnsafeBytes { try self.tar?.write($0) }
        }
    }

    /// Writes a blob under its digest, and verifies it on the way.
    func add(blob: Descriptor, _ content: BlobContent) async throws {
        let hash = Hash()
        let write: @Sendable (UnsafeRawBufferPointer) throws -> Void = { bytes in
            hash.value.update(bufferPointer: bytes)
            try self.tar?.write(bytes)
        }
        try await blocking { try self.tar?.addFile(Self.path(of: blob.digest), size: blob.size, executable: false) }
        switch content {
        case .bytes(let bytes):
            try await blocking { try bytes.withUnsafeBytes { try write($0) } }
        case .file(let path):
            try await withCancellableBlocking { try path.readBlocks($0, write) }
        case .stream(let chunks):
            for try await chunk in chunks {
                try Task.checkCancellation()
                try await blocking { try chunk.withUnsafeBytes { try write($0) } }
            }
        }
        guard Digest(hash.value.finalize()) == blob.digest else {
            throw AssemblerError(.corruptBlob, "blob \(blob.digest) arrived damaged: its content has another digest")
        }
    }

    func finish() throws {
        try tar.take()?.finish()
        try naming("sync", path) { try file.synchronize() }
    }

    /// `@unchecked Sendable`: used by one call of ``add(blob:_:)``.
    private final class Hash: @unchecked Sendable { var value = SHA256() }
}
