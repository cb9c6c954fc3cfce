import Archive
import FileSystem
import Glibc
import SystemPackage

/// A directory that an image's layers are unpacked into, one over the other.
///
/// Nothing is written outside of it: links, also those of layers, are followed as if the directory were the root. Nobody
/// else may write into it meanwhile. Source: OCI image specification, "Image Layer Filesystem Changeset".
///
/// `@unchecked Sendable`: its owner calls it from one task, one call after another.
final class RootFileSystem: @unchecked Sendable {
    private let root: FilePath
    private let keepsOwners: Bool
    /// What the layer that is unpacked has brought so far, by real path; an opaque directory keeps it.
    private var brought: Set<FilePath> = []
    /// The directory that was found last, for its neighbours.
    private var found: (written: FilePath, real: FilePath)?

    /// - Parameters:
    ///   - root: an empty directory that nobody else can enter: what is in it may belong to root, and have its rights.
    ///   - keepsOwners: gives files to whom the layers say, which takes root.
    init(_ root: FilePath, keepsOwners: Bool) {
        self.root = root
        self.keepsOwners = keepsOwners
    }

    /// - Parameter layer: a tar, compressed or not.
    /// - Throws: ``ContainerError`` `invalidImage`, `ArchiveError`, `FileSystemError`.
    func unpack(_ layer: FilePath, cancellation: CancellationFlag) throws {
        brought = []
        found = nil
        // Those of ``ArchiveLimits`` are for models.
        var limits = ArchiveLimits()
        limits.maximumEntries = 2_000_000
        try TarEntries.visit(layer, limits: limits, cancellation: cancellation) { entry, content in
            try unpack(entry, content)
        }
    }

    /// A file of the image's, whole; nil where there is none.
    func text(_ path: FilePath, limit: Int = 1 << 20) throws -> String? {
        let real = try real(path, followingLast: true)
        guard let identity = try? FileIdentity(of: real, followingLinks: false), identity.isRegularFile else {
            return nil
        }
        return String(decoding: try real.readAll(limit: limit), as: UTF8.self)
    }

    private func unpack(_ entry: TarEntry, _ content: TarContent) throws {
        let components = try components(of: entry.path)
        guard let name = components.last else {
            // The root itself.
            return try finish(root, entry)
        }
        let parent = try directory(components.dropLast())
        if name.string.hasPrefix(".wh.") {
            return try whiteOut(name, in: parent)
        }
        let path = parent.appending(name)
        try make(path, entry, content)
        brought.insert(path)
    }

    private func whiteOut(_ name: FilePath.Component, in parent: FilePath) throws {
        if name.string == ".wh..wh..opq" {
            for child in try parent.entries() { try removeOld(parent.appending(child)) }
        } else if !name.string.hasPrefix(".wh..wh.") {
            guard let deleted = FilePath.Component(String(name.string.dropFirst(4))), deleted.kind == .regular else {
                throw ContainerError(.invalidImage, "a layer of the image deletes \"\(name.string.prefix(80))\"")
            }
            try parent.appending(deleted).removeTree()
        }
        found = nil
    }

    /// Removes what layers below have brought.
    private func removeOld(_ path: FilePath) throws {
        guard brought.contains(where: { $0.starts(with: path) }) else { return try path.removeTree() }
        guard try FileIdentity(of: path, followingLinks: false).isDirectory else { return }
        for child in try path.entries() { try removeOld(path.appending(child)) }
    }

    private func make(_ path: FilePath, _ entry: TarEntry, _ content: TarContent) throws {
        let there = try? FileIdentity(of: path, followingLinks: false)
        if entry.kind == .directory, there?.isDirectory == true { return try finish(path, entry) }
        // Not written over: the file may have other names.
        if let there {
            try path.removeTree()
            if !there.isRegularFile { found = nil }
        }
        switch entry.kind {
        case .directory:
            try check("create the directory", path, path.withPlatformString { mkdir($0, 0o700) })
            try finish(path, entry)
        case .file: try write(path, entry, content)
        case .symbolicLink(let target):
            try path.createSymbolicLink(to: target)
            if keepsOwners { try setOwner(path, entry) }
        case .hardLink(let target):
            let target = try real(target, followingLast: false)
            try check("link", path, path.withPlatformString { new in target.withPlatformString { link($0, new) } })
        case .fifo:
            try check("create", path, path.withPlatformString { mkfifo($0, 0o600) })
            try finish(path, entry)
        case .other: break
        }
    }

    private func write(_ path: FilePath, _ entry: TarEntry, _ content: TarContent) throws {
        let file = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: .ownerReadWrite
            )
        }
        try file.closeAfter {
            try content { bytes, offset in
                try naming("write", path) { _ = try file.writeAll(toAbsoluteOffset: offset, bytes) }
            }
        }
        try finish(path, entry)
    }

    /// Sets owner, mode and time, in this order: a change of the owner takes away rights of the mode.
    private func finish(_ path: FilePath, _ entry: TarEntry) throws {
        if keepsOwners { try setOwner(path, entry) }
        // The program that runs the container has to get in.
        let mode = entry.kind == .directory && !keepsOwners ? entry.mode | 0o700 : entry.mode
        try check("set the mode of", path, path.withPlatformString { chmod($0, mode) })
        guard entry.kind == .file else { return }
        let time = timespec(tv_sec: Int(entry.modified), tv_nsec: 0)
        let result = path.withPlatformString { utimensat(AT_FDCWD, $0, [time, time], AT_SYMLINK_NOFOLLOW) }
        try check("set the time of", path, result)
    }

    private func setOwner(_ path: FilePath, _ entry: TarEntry) throws {
        try check("set the owner of", path, path.withPlatformString { lchown($0, entry.user, entry.group) })
    }

    private func check(_ operation: String, _ path: FilePath, _ result: CInt) throws {
        guard result == 0 else { throw FileSystemError.last(operation, path) }
    }
}

extension RootFileSystem {
    /// The real place of a directory of the image, which is made with those above it where it is missing.
    private func directory(_ components: some Collection<FilePath.Component>) throws -> FilePath {
        let written = FilePath(root: nil, components)
        if let found, found.written == written { return found.real }
        let path = try real(written, followingLast: true)
        if let there = try? FileIdentity(of: path, followingLinks: false), !there.isDirectory {
            throw ContainerError(
                .invalidImage,
                "a layer of the image has files below \(written), which is no directory"
            )
        }
        try path.createDirectories()
        found = (written, path)
        return path
    }

    /// Where a path of the image is, with the links on the way followed within the root. What is missing is taken as it
    /// is written.
    private func real(_ path: FilePath, followingLast: Bool) throws -> FilePath {
        var place = root
        var depth = 0
        var rest = Array(path.components.reversed())
        var links = 0
        while let component = rest.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory:
                if depth > 0 {
                    place.removeLastComponent()
                    depth -= 1
                }
                continue
            case .regular: break
            }
            let next = place.appending(component)
            let isLink = (try? FileIdentity(of: next, followingLinks: false).isSymbolicLink) ?? false
            guard isLink, followingLast || !rest.isEmpty else {
                place = next
                depth += 1
                continue
            }
            links += 1
            guard links <= 40 else {
                throw ContainerError(.invalidImage, "a link of the image, \(path), goes round in a circle")
            }
            let target = try next.symbolicLinkTarget()
            if target.isAbsolute { (place, depth) = (root, 0) }
            rest += target.components.reversed()
        }
        return place
    }

    private func components(of path: FilePath) throws -> [FilePath.Component] {
        let components = Array(path.components).filter { $0.kind != .currentDirectory }
        guard components.allSatisfy({ $0.kind == .regular }) else {
            throw ContainerError(.invalidImage, "a layer of the image has a file that leads upwards: \(path)")
        }
        return components
    }
}
