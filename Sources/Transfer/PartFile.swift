import Crypto
import FileSystem
import Synchronization
import SystemPackage

/// A file under a temporary name beside its destination while it grows, with the hash of what it holds.
final class PartFile: Sendable {
    private struct State {
        var hash = SHA256()
        var size: Int64 = 0
        var isOpen = true
    }

    private let destination: FilePath
    private let path: FilePath
    private let descriptor: FileDescriptor
    private let state = Mutex(State())

    init(beside destination: FilePath) throws {
        let name =
            ".\(destination.lastComponent?.string ?? "").\(String(UInt64.random(in: 0 ... .max), radix: 36)).part"
        let path = destination.removingLastComponent().appending(name)
        self.destination = destination
        self.path = path
        descriptor = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
    }

    deinit { close() }

    /// Bytes.
    var size: Int64 { state.withLock { $0.size } }
    /// The SHA-256 of what has been appended.
    var digest: SHA256Digest { state.withLock { $0.hash.finalize() } }

    func append(_ bytes: [UInt8]) throws {
        try naming("write", path) { _ = try descriptor.writeAll(bytes) }
        state.withLock { state in
            bytes.withUnsafeBytes { state.hash.update(bufferPointer: $0) }
            state.size += Int64(bytes.count)
        }
    }

    /// Syncs the file and gives it its name.
    func commit() throws {
        try naming("sync", path) { try descriptor.synchronize() }
        close()
        try path.rename(to: destination)
        try destination.removingLastComponent().synchronizeDirectory()
    }

    func discard() {
        close()
        try? path.removeTree()
    }

    private func close() {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        if wasOpen { try? descriptor.close() }
    }
}
