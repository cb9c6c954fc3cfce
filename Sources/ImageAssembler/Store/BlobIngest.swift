import FileSystem
import Glibc
import OCI
import SystemPackage

/// A blob on its way into a store: written under `ingest/`, synced, and renamed to its digest when it is whole.
///
/// The file is locked (`flock`) for as long as it is written, so that another process can tell it from one that a killed
/// process left behind. `@unchecked Sendable`: one thread at a time uses it, the stages of a pipeline one after another.
final class BlobIngest: @unchecked Sendable {
    private let store: OCILayout
    private let path: FilePath
    private var file: FileDescriptor?
    /// Bytes written so far.
    private(set) var size: Int64 = 0

    init(in store: OCILayout) throws {
        self.store = store
        (path, file) = try Self.create(in: store.ingestDirectory)
    }

    deinit { discard() }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let file else { throw FileSystemError("write", path, .badFileDescriptor) }
        try naming("write", path) { _ = try file.writeAll(bytes) }
        size += Int64(bytes.count)
    }

    /// Makes the blob part of the store under a digest that the caller has found these bytes to have.
    func commit(_ digest: Digest) throws {
        guard let file else { return }
        do {
            if store.synchronizesLargeBlobs || size < 1 << 20 {
                try naming("sync", path) { try file.synchronize() }
            }
            let destination = store.path(of: digest)
            try path.rename(to: destination)
            self.file = nil
            try? file.close()
            try destination.removingLastComponent().synchronizeDirectory()
        } catch {
            discard()
            throw error
        }
    }

    /// Removes what was written; nothing after ``commit(_:)``.
    func discard() {
        guard let file else { return }
        self.file = nil
        try? path.removeTree()
        try? file.close()
    }

    private static func create(in directory: FilePath) throws -> (FilePath, FileDescriptor) {
        while true {
            let path = directory.appending("blob-" + String(UInt64.random(in: 0 ... .max), radix: 36))
            let file = try naming("create", path) {
                try FileDescriptor.open(
                    path,
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            }
            // Between its creation and its lock another process may have taken the file for a stale one.
            if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0, path.exists { return (path, file) }
            try? file.close()
        }
    }

    /// Removes the files of processes that ended before they were done.
    static func removeStale(in directory: FilePath) throws {
        for name in try directory.entries() where name.string.hasPrefix("blob-") {
            let path = directory.appending(name)
            guard let file = try? FileDescriptor.open(path, .writeOnly, options: .closeOnExec) else { continue }
            if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { try? path.removeTree() }
            try? file.close()
        }
    }
}
