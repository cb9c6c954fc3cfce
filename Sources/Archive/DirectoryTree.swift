import FileSystem
import Glibc
package import SystemPackage

/// A directory given as an artifact, under the rules of an archive.
package enum DirectoryTree {
    /// Lists what is below a directory, sorted by the bytes of the paths. Links are listed, not followed.
    ///
    /// - Throws: ``ArchiveError`` for links that leave the directory, sockets, FIFOs and devices, names that are not
    ///   UTF-8, and more than the limits allow.
    package static func scan(_ root: FilePath, limits: ArchiveLimits = ArchiveLimits()) async throws -> [ArchiveMember]
    {
        try await withCancellableBlocking { flag in
            let name = root.lastComponent?.string ?? root.string
            var table = MemberTable(budget: ArchiveBudget(archive: name, limits: limits, packedBytes: nil))
            try scan(root, below: "", name, &table, flag)
            try table.checkLinks()
            return table.sorted
        }
    }

    private static func scan(
        _ directory: FilePath,
        below prefix: String,
        _ name: String,
        _ table: inout MemberTable,
        _ flag: CancellationFlag
    ) throws {
        for component in try directory.entries() {
            try flag.check()
            guard let written = String(validating: component.bytes, as: UTF8.self) else {
                let shown = prefix + component.string
                throw ArchiveError(.unsafeName, name, member: shown, "its name is not UTF-8; rename it")
            }
            let path = try MemberName.path(of: prefix + written, in: name)
            let file = directory.appending(component)
            let identity = try FileIdentity(of: file, followingLinks: false)
            switch mode_t(identity.mode) & S_IFMT {
            case S_IFDIR:
                _ = try table.add(ArchiveMember(path: path, kind: .directory))
                try scan(file, below: path + "/", name, &table, flag)
            case S_IFREG:
                _ = try table.add(ArchiveMember(path: path, kind: .file, isExecutable: identity.isExecutable))
                try table.setSize(identity.size, of: path)
            case S_IFLNK:
                let target = try linkTarget(of: file, path, name)
                _ = try table.add(ArchiveMember(path: path, kind: .symbolicLink, linkTarget: target))
            default:
                let reason = "it is a device, FIFO or socket; leave it out of the artifact"
                throw ArchiveError(.unsupportedType, name, member: path, reason)
            }
        }
    }

    private static func linkTarget(of link: FilePath, _ path: String, _ name: String) throws -> String {
        let bytes = try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            guard let base = buffer.baseAddress else { return [UInt8]() }
            let count = link.withPlatformString { readlink($0, base, buffer.count) }
            guard count >= 0 else { throw FileSystemError.last("read the link", link) }
            return buffer[..<count].map { UInt8(bitPattern: $0) }
        }
        guard let target = String(validating: bytes, as: UTF8.self) else {
            throw ArchiveError(.unsafeLink, name, member: path, "its target is not UTF-8; rename what it points to")
        }
        return target
    }
}
