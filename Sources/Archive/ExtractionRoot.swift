import FileSystem
import Glibc
import SystemPackage

/// The directory an archive is unpacked into. Nothing is written through a link: links are made last of all.
final class ExtractionRoot {
    private let archive: String
    private let descriptor: FileDescriptor

    init(_ directory: FilePath, archive: String) throws {
        guard try directory.entries().isEmpty else {
            throw ArchiveError(.fileSystem, archive, "the directory to unpack into, \(directory), is not empty")
        }
        self.archive = archive
        descriptor = try naming("open", directory) {
            try FileDescriptor.open(directory, .readOnly, options: [.directory, .closeOnExec, .noFollow])
        }
    }

    deinit { try? descriptor.close() }

    func createDirectory(_ path: String) throws {
        try call("create the directory", path) { mkdirat(descriptor.rawValue, path, 0o755) }
        // Once more for the umask.
        try call("set the mode", path) { fchmodat(descriptor.rawValue, path, 0o755, 0) }
    }

    /// Creates a file of mode 0644 or 0755 for the time of `body`, which fills it.
    func createFile(_ path: String, executable: Bool, _ body: (FileDescriptor) throws -> Void) throws {
        let mode: mode_t = executable ? 0o755 : 0o644
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = try call("create", path) { openat(descriptor.rawValue, path, flags, mode) }
        let file = FileDescriptor(rawValue: number)
        do {
            try file.closeAfter {
                try call("set the mode", path) { fchmod(number, mode) }
                try body(file)
            }
        } catch let errno as Errno {
            throw ArchiveError.system("write", archive, member: path, errno)
        }
    }

    /// Makes the file as long as it says, where it ends in a hole.
    func extend(_ path: String, _ file: FileDescriptor, to size: Int64) throws {
        try call("write", path) { ftruncate(file.rawValue, Int(size)) }
    }

    func createHardLink(_ path: String, to target: String) throws {
        try call("link", path) { linkat(descriptor.rawValue, target, descriptor.rawValue, path, 0) }
    }

    func createSymbolicLink(_ path: String, target: String) throws {
        try call("link", path) { symlinkat(target, descriptor.rawValue, path) }
    }

    @discardableResult
    private func call(_ operation: String, _ path: String, _ body: () -> Int32) throws -> Int32 {
        let result = body()
        guard result >= 0 else {
            throw ArchiveError.system(operation, archive, member: path, Errno(rawValue: Glibc.errno))
        }
        return result
    }
}
