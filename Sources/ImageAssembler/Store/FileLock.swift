import FileSystem
import Glibc
import SystemPackage

/// An advisory lock on a file (`flock`), held until it is closed or the process dies; also between threads of one process.
struct FileLock: ~Copyable {
    private let file: FileDescriptor

    /// Waits for the lock; the file is created when it is not there.
    init(waitingFor path: FilePath) throws {
        file = try naming("lock", path) {
            let file = try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            while flock(file.rawValue, LOCK_EX) != 0 {
                let code = Errno(rawValue: Glibc.errno)
                guard code == .interrupted else {
                    try? file.close()
                    throw code
                }
            }
            return file
        }
    }

    deinit { try? file.close() }
}
