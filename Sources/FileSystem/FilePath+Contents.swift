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

    /// Gives the file a second name on the same file system; false where that is not possible.
    package func link(to name: FilePath) -> Bool {
        withPlatformString { source in name.withPlatformString { Glibc.link(source, $0) } } == 0
    }

    /// Copies the file's bytes, block by block, to a path where nothing is yet.
    package func copy(to target: FilePath, cancellation: CancellationFlag) throws {
        let source = try naming("open", self) { try FileDescriptor.open(self, .readOnly, options: .closeOnExec) }
        try source.closeAfter {
            try naming("write", target) {
                let copy = try FileDescriptor.open(
                    target,
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
                try copy.closeAfter {
                    var block = [UInt8](repeating: 0, count: 1 << 20)
                    while true {
                        try cancellation.check()
                        let count = try block.withUnsafeMutableBytes { try source.read(into: $0) }
                        if count == 0 { return }
                        try block.withUnsafeBytes {
                            _ = try copy.writeAll(UnsafeRawBufferPointer(rebasing: $0[..<count]))
                        }
                    }
                }
            }
        }
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
