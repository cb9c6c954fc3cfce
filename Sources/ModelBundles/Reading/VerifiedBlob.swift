import FileSystem
import FoundationEssentials
import JSON
import OCI
import SystemPackage

import struct Crypto.SHA256

/// Blobs of the cache, read and held against their digests: a disk may have changed them since they came.
enum VerifiedBlob {
    /// - Throws: ``BundleError`` `damagedBlob`.
    static func check(_ blob: FilePath, _ descriptor: Descriptor, _ cancellation: CancellationFlag) throws {
        try read(blob, descriptor, cancellation) { _ in }
    }

    /// Copies the blob to a path where nothing is; what was written is the caller's to remove when this throws.
    static func copy(
        _ blob: FilePath,
        _ descriptor: Descriptor,
        to target: FilePath,
        _ cancellation: CancellationFlag
    ) throws {
        let file = try naming("write", target) {
            try FileDescriptor.open(
                target,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: descriptor.isExecutable
                    ? [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
                    : [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        try file.closeAfter {
            try read(blob, descriptor, cancellation) { bytes in
                try naming("write", target) { _ = try file.writeAll(bytes) }
            }
        }
    }

    private static func read(
        _ blob: FilePath,
        _ descriptor: Descriptor,
        _ cancellation: CancellationFlag,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard blob.exists else {
            throw BundleError(
                .damagedBlob,
                "the cache does not have the blob \(descriptor.digest) of the model; pull or save it again"
            )
        }
        var hash = SHA256()
        var size: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        let file = try naming("read", blob) { try FileDescriptor.open(blob, .readOnly, options: .closeOnExec) }
        try file.closeAfter {
            while true {
                try cancellation.check()
                let count = try naming("read", blob) { try file.read(into: buffer) }
                if count == 0 { break }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                hash.update(bufferPointer: bytes)
                size += Int64(count)
                try body(bytes)
            }
        }
        guard size == descriptor.size, Digest(hash.finalize()) == descriptor.digest else {
            throw BundleError(
                .damagedBlob,
                "the blob \(descriptor.digest) is damaged: its content is another; remove \(blob) and pull or save it again"
            )
        }
    }
}

extension Descriptor {
    /// As the annotation of a file's attributes has it.
    fileprivate var isExecutable: Bool {
        guard let text = annotations?[LayerAnnotation.fileMetadata],
            let value = try? CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)),
            let mode = value["mode"]?.integerValue
        else { return false }
        return mode & 0o111 != 0
    }
}
