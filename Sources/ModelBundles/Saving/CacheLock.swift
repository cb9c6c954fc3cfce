import FileSystem
import Glibc
import SystemPackage

extension ModelCache {
    /// Keeps the garbage collection of other processes away while blobs come in that no manifest names yet.
    func whileUsing<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        let lock = try await blocking { try CacheLock(lockFile, exclusive: false) }
        defer { lock.release() }
        return try await work()
    }
}

/// A lock (`flock`) that users of the cache share and that the garbage collection has alone.
struct CacheLock: Sendable {
    private let file: FileDescriptor

    /// Waits while it is shared; does not wait to have it alone.
    ///
    /// - Throws: ``BundleError`` `busy`.
    init(_ path: FilePath, exclusive: Bool) throws {
        let file = try naming("lock", path) {
            try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        self.file = file
        while flock(file.rawValue, exclusive ? LOCK_EX | LOCK_NB : LOCK_SH) != 0 {
            let code = Errno(rawValue: Glibc.errno)
            if code == .interrupted { continue }
            try? file.close()
            if exclusive, code == .wouldBlock {
                throw BundleError(.busy, "the cache is in use: a model is being saved or pulled; try again later")
            }
            throw FileSystemError("lock", path, code)
        }
    }

    func release() { try? file.close() }
}
