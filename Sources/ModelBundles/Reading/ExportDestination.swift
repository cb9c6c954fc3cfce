import Archive
import FileSystem
import SystemPackage

/// The directory that a bundle is exported to.
struct ExportDestination {
    private let path: FilePath
    private let isThere: Bool

    init(_ path: FilePath) {
        self.path = path.absolute.lexicallyNormalized()
        isThere = self.path.isDirectory
    }

    /// Where files gather before they are moved: on the destination's own file system, which may begin at it.
    var stagingParent: FilePath { isThere ? path : path.removingLastComponent() }

    /// Moves a finished tree into place: as a whole where there was no destination, and else name by name.
    ///
    /// - Parameter aside: takes what is replaced.
    func take(_ tree: FilePath, aside: FilePath) throws {
        if !isThere, !path.exists { return try tree.rename(to: path) }
        guard path.isDirectory else {
            throw BundleError(.destination, "\(path) is no directory; give another destination")
        }
        let replaced = aside.appending("replaced")
        try replaced.createDirectories()
        for name in try tree.entries() {
            let target = path.appending(name)
            if target.exists { try target.rename(to: replaced.appending(name)) }
            try tree.appending(name).rename(to: target)
        }
    }
}

/// Trees that are put together of several layers.
enum BundleTree {
    /// Moves one unpacked member to the same path below another directory.
    ///
    /// - Throws: ``BundleError`` `hostile` where another layer has a file of that name.
    static func move(_ member: ArchiveMember, from source: FilePath, to target: FilePath) throws {
        let destination = target.pushing(FilePath(member.path))
        if member.kind == .directory {
            guard !destination.exists || destination.isDirectory else { throw duplicate(member.path) }
            return try destination.createDirectories()
        }
        guard !destination.exists else { throw duplicate(member.path) }
        try destination.removingLastComponent().createDirectories()
        try source.pushing(FilePath(member.path)).rename(to: destination)
    }

    static func duplicate(_ path: String) -> BundleError {
        BundleError(.hostile, "the model has the file \"\(path.printable)\" twice; it is not unpacked")
    }
}
