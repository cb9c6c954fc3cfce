import Glibc
package import SystemPackage

extension FilePath {
    /// Whether something, a dangling link included, is at this path.
    package var exists: Bool { withPlatformString { faccessat(AT_FDCWD, $0, F_OK, AT_SYMLINK_NOFOLLOW) == 0 } }

    package var isDirectory: Bool { (try? FileIdentity(of: self).isDirectory) ?? false }

    /// Creates the directory and its missing parents; one that is there already is fine.
    package func createDirectories(
        mode: FilePermissions = [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
    )
        throws
    {
        if isEmpty || isDirectory { return }
        try removingLastComponent().createDirectories(mode: mode)
        let result = withPlatformString { mkdir($0, mode.rawValue) }
        guard result != 0 else { return }
        let error = FileSystemError.last("create the directory", self)
        // Someone else may have made it meanwhile; a file in its place is another matter.
        guard error.errno == .fileExists, isDirectory else { throw error }
    }

    /// The names in a directory, sorted by their bytes, without `.` and `..`.
    package func entries() throws -> [FilePath.Component] {
        guard let directory = withPlatformString({ opendir($0) }) else {
            throw FileSystemError.last("list", self)
        }
        defer { closedir(directory) }
        var names: [FilePath.Component] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath(platformString: $0) }
            }
            // `FilePath` gives no component for "." and "..": both are special kinds.
            if let component = name.lastComponent, component.kind == .regular { names.append(component) }
        }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// Removes what is at this path with everything below it; nothing there is fine. Links are removed, not followed.
    package func removeTree() throws {
        guard let identity = try? FileIdentity(of: self, followingLinks: false) else { return }
        if identity.isDirectory {
            for name in try entries() { try appending(name).removeTree() }
            guard withPlatformString({ rmdir($0) }) == 0 else { throw FileSystemError.last("remove", self) }
        } else {
            guard withPlatformString({ unlink($0) }) == 0 else { throw FileSystemError.last("remove", self) }
        }
    }

    /// Moves the file at this path over another name on the same file system, in one step.
    package func rename(to destination: FilePath) throws {
        let result = withPlatformString { source in destination.withPlatformString { Glibc.rename(source, $0) } }
        guard result == 0 else { throw FileSystemError.last("rename", self) }
    }
}

extension FilePath.Component {
    /// The name's own bytes: what the file system compares.
    package var bytes: [UInt8] {
        withPlatformString { pointer in
            Array(UnsafeBufferPointer(start: pointer, count: strlen(pointer))).map(UInt8.init(bitPattern:))
        }
    }
}
