import Archive
import FileSystem
import Glibc
import ImageAssembler
import SystemPackage

/// A build context while it is written.
struct ContextDirectory: Sendable {
    private let root: FilePath

    /// Writes a context beside a directory, and puts it there when it is whole.
    ///
    /// What else is in the directory stays; what an earlier context left there goes.
    static func replace(_ directory: FilePath, _ body: (ContextDirectory) async throws -> Void) async throws {
        let directory = directory.absolute
        let parent = directory.lexicallyNormalized().removingLastComponent()
        try parent.createDirectories()
        try await withTemporaryDirectory(in: parent, prefix: ".context") { temporary in
            let context = ContextDirectory(root: temporary)
            try await body(context)
            try await withCancellableBlocking { flag in
                try context.settle(temporary, flag)
                try directory.createDirectories()
                for name in BuildContext.names { try directory.appending(name).removeTree() }
                for name in try temporary.entries() {
                    try temporary.appending(name).rename(to: directory.appending(name))
                }
            }
        }
    }

    func write(_ text: String, to path: String) throws { try write(text, to: path, executable: false) }

    func write(_ file: RecipeFile, below directory: String) throws {
        let path = "\(directory)/\(file.path)"
        if let target = file.linkTarget {
            try link(try place(path), to: target)
        } else {
            try write(file.text ?? "", to: path, executable: file.executable)
        }
    }

    /// Copies a file, block by block.
    func copy(file source: FilePath, to path: String) async throws {
        let destination = try place(path)
        try await withCancellableBlocking { flag in try Self.copy(source, to: destination, executable: false, flag) }
    }

    /// Copies what is below a directory. The files are not linked: who changes the context does not change the artifact.
    func copy(_ source: FilePath, to path: String) async throws {
        let target = root.pushing(FilePath(path))
        try target.createDirectories()
        let members = try await DirectoryTree.scan(source)
        try await withCancellableBlocking { flag in
            for member in members {
                try flag.check()
                let destination = target.pushing(FilePath(member.path))
                switch member.kind {
                case .directory: try destination.createDirectories()
                case .symbolicLink: try link(destination, to: member.linkTarget ?? "")
                case .file:
                    let file = source.pushing(FilePath(member.path))
                    try Self.copy(file, to: destination, executable: member.isExecutable, flag)
                }
            }
        }
    }

    /// The place of a file, whose directory is there then.
    private func place(_ path: String) throws -> FilePath {
        let place = root.pushing(FilePath(path))
        try place.removingLastComponent().createDirectories()
        return place
    }

    private func write(_ text: String, to path: String, executable: Bool) throws {
        let place = try place(path)
        try naming("write", place) {
            let file = try Self.create(place, executable: executable)
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        }
    }

    private func link(_ path: FilePath, to target: String) throws {
        guard path.withPlatformString({ symlink(target, $0) }) == 0 else { throw FileSystemError.last("link", path) }
    }

    private static func create(_ path: FilePath, executable: Bool) throws -> FileDescriptor {
        try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: FilePermissions(rawValue: executable ? 0o755 : 0o644)
        )
    }

    private static func copy(_ source: FilePath, to path: FilePath, executable: Bool, _ flag: CancellationFlag) throws {
        let input = try naming("read", source) { try FileDescriptor.open(source, .readOnly, options: .closeOnExec) }
        try input.closeAfter {
            let output = try naming("write", path) { try create(path, executable: executable) }
            try output.closeAfter {
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
                defer { buffer.deallocate() }
                while true {
                    try flag.check()
                    let count = try naming("read", source) { try input.read(into: buffer) }
                    if count == 0 { return }
                    try naming("write", path) {
                        _ = try output.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    }
                }
            }
        }
    }

    /// Gives everything the mode and time that it has in an image: neither umask nor clock is in a context.
    private func settle(_ directory: FilePath, _ flag: CancellationFlag) throws {
        for name in try directory.entries() {
            try flag.check()
            let path = directory.appending(name)
            let identity = try FileIdentity(of: path, followingLinks: false)
            if identity.isDirectory { try settle(path, flag) }
            if !identity.isSymbolicLink {
                let mode: mode_t = identity.isDirectory || identity.isExecutable ? 0o755 : 0o644
                guard path.withPlatformString({ chmod($0, mode) }) == 0 else {
                    throw FileSystemError.last("set the mode of", path)
                }
            }
            let times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: 0)]
            guard path.withPlatformString({ utimensat(AT_FDCWD, $0, times, AT_SYMLINK_NOFOLLOW) }) == 0 else {
                throw FileSystemError.last("set the time of", path)
            }
        }
    }
}

extension BuildContext {
    /// Everything that a context can hold, at its root.
    static let names = [dockerfile, ignored, requirements, wheels, layers, files, model]
}
