import Glibc
package import SystemPackage

/// What tells one state of a file from another without reading it: device, inode, size and modification time.
package struct FileIdentity: Sendable, Hashable, Codable {
    package var device: UInt64
    package var inode: UInt64
    /// Bytes.
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// `st_mode`: file type and permission bits.
    package var mode: UInt32

    /// - Throws: ``FileSystemError`` when the path cannot be read.
    package init(of path: FilePath, followingLinks: Bool = true) throws {
        var status = stat()
        let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
        let result = path.withPlatformString { fstatat(AT_FDCWD, $0, &status, flags) }
        guard result == 0 else { throw FileSystemError.last("read the attributes of", path) }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        mode = UInt32(status.st_mode)
    }

    package var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    package var isRegularFile: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
    package var isSymbolicLink: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFLNK) }
    package var isExecutable: Bool { mode & 0o111 != 0 }
}
