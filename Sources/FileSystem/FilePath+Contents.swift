import Glibc
package import SystemPackage

extension FilePath {
    /// The whole file; for small ones.
    ///
    /// - Parameter limit: the most bytes that are read; a larger file throws `fileTooLarge`.
    package func readAll(limit: Int = 64 << 20) throws -> [UInt8] {
        try naming("read", self) {
            let file = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var contents: [UInt8] = []
                var block = [UInt8](repeating: 0, count: 256 << 10)
                while true {
                    let count = try block.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { return contents }
                    contents.append(contentsOf: block[..<count])
                    if contents.count > limit { throw Errno.fileTooLarge }
                }
            }
        }
    }

    /// Writes the file under a temporary name beside it, syncs it and renames it into place: it is there whole or not at all.
    package func writeAtomically(
        _ contents: some Sequence<UInt8>,
        permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    ) throws {
        let temporary = removingLastComponent().appending(
            ".\(lastComponent?.string ?? "").\(UInt64.random(in: 0 ... .max))"
        )
        do {
            try naming("write", self) {
                let file = try FileDescriptor.open(
                    temporary,
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: permissions
                )
                try file.closeAfter {
                    try file.writeAll(Array(contents))
                    try file.synchronize()
                }
            }
            try temporary.rename(to: self)
        } catch {
            try? temporary.removeTree()
            throw error
        }
        try removingLastComponent().synchronizeDirectory()
    }

    /// Makes the directory's entries (a rename, a new file) survive a power cut.
    package func synchronizeDirectory() throws {
        let path = isEmpty ? FilePath(".") : self
        try naming("sync", path) {
            let directory = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
            try directory.closeAfter { try directory.synchronize() }
        }
    }
}

extension FileDescriptor {
    /// Waits until the file's bytes are on the disk.
    package func synchronize() throws {
        guard fsync(rawValue) == 0 else { throw Errno(rawValue: Glibc.errno) }
    }
}
