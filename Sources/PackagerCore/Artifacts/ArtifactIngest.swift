import FileSystem
import Glibc
import OCI
import Synchronization
import SystemPackage

import struct Crypto.SHA256

/// An upload on its way: a file that nobody sees yet, and the hash of its bytes.
final class ArtifactIngest: Sendable {
    private static let blockSize = 1 << 20

    private struct State {
        var hasher = SHA256()
        var pending: [UInt8] = []
    }

    let path: FilePath
    /// Locked for as long as it is open, so that other processes leave it alone.
    private let file: OpenFile
    private let state = Mutex(State())

    init(in directory: FilePath) throws {
        path = directory.appending(String(UInt64.random(in: 0 ... .max), radix: 36))
        let path = path
        file = try naming("create", path) {
            OpenFile(
                try FileDescriptor.open(
                    path,
                    .readWrite,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            )
        }
        guard flock(file.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw FileSystemError.last("lock", path) }
    }

    func append(_ chunk: [UInt8]) async throws {
        // Small chunks are gathered, since each hop to another thread costs more than they do.
        let isFull = state.withLock { state in
            state.pending += chunk
            return state.pending.count >= Self.blockSize
        }
        if isFull { try await blocking { try self.flush() } }
    }

    /// Waits until all bytes are on the disk.
    func finish() async throws -> (Digest, FileIdentity) {
        try await blocking {
            try self.flush()
            try naming("sync", self.path) { try self.file.descriptor.synchronize() }
            return (Digest(self.state.withLock { $0.hasher.finalize() }), try FileIdentity(of: self.path))
        }
    }

    private func flush() throws {
        let bytes = state.withLock { state in
            state.pending.withUnsafeBytes { state.hasher.update(bufferPointer: $0) }
            defer { state.pending = [] }
            return state.pending
        }
        do {
            _ = try file.descriptor.writeAll(bytes)
        } catch Errno.noSpace {
            throw ServiceError(
                .insufficientStorage,
                "the disk that holds the artifacts is full: free some space and upload again"
            )
        } catch let errno as Errno {
            throw FileSystemError("write", path, errno)
        }
    }

    /// Removes the files of uploads whose process is gone.
    static func removeAbandoned(in directory: FilePath) throws {
        for name in try directory.entries() {
            let path = directory.appending(name)
            guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { continue }
            try file.closeAfter {
                if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { try path.removeTree() }
            }
        }
    }

    static func digest(of path: FilePath, cancellation: CancellationFlag) throws -> Digest {
        try naming("read", path) {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var hasher = SHA256()
                var block = [UInt8](repeating: 0, count: blockSize)
                while true {
                    try cancellation.check()
                    let count = try block.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { return Digest(hasher.finalize()) }
                    block.withUnsafeBytes {
                        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
                    }
                }
            }
        }
    }
}
