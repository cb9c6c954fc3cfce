import Concurrency
import FileSystem
import OCI
package import SystemPackage

/// The trained artifact that goes into an image: what identifies it, and its files once they are needed.
///
/// Several images may be built of one value, at the same time or one after the other: its files are looked through, its
/// weights hashed and its layers made once for all of them.
package struct ArtifactContents: Sendable {
    /// Identifies the files and their contents; nil when nothing does, and the layers are made each time.
    package let key: String?
    /// The directory that holds the files. Asked for only when a layer has to be made: an archive is unpacked then.
    package let root: @Sendable () async throws -> FilePath
    /// Whether the files are still those that `key` stands for.
    let isUnchanged: @Sendable () async throws -> Bool
    /// The layers to make, by the directory that they fill in the image.
    let plans = OnceEach<String, [LayerPlan]>()
    /// What has become of them, by everything that a layer's bytes follow from.
    let rows = OnceEach<String, Image.LayerRow>()

    /// An artifact whose files never change under one key, such as an archive: the key is the archive's digest.
    package init(key: String?, root: @escaping @Sendable () async throws -> FilePath) {
        self.key = key
        self.root = root
        isUnchanged = { true }
    }

    /// An artifact that lies unpacked in a directory.
    ///
    /// Its key is the hash of every file's path, size, modification time, inode and mode: a file that stays as it is is
    /// never read again.
    package static func directory(_ directory: FilePath) async throws -> ArtifactContents {
        let key = try await blocking { try ArtifactFiles(in: directory).fingerprint }
        return ArtifactContents(
            key: key,
            root: { directory },
            isUnchanged: {
                try await blocking { try ArtifactFiles(in: directory).fingerprint == key }
            }
        )
    }

    private init(
        key: String?,
        root: @escaping @Sendable () async throws -> FilePath,
        isUnchanged: @escaping @Sendable () async throws -> Bool
    ) {
        self.key = key
        self.root = root
        self.isUnchanged = isUnchanged
    }
}

/// What is in an artifact's directory, in the order of the paths' bytes.
struct ArtifactFiles: Sendable {
    struct File: Sendable {
        /// Below the directory, without a leading slash.
        var path: String
        var location: FilePath
        var identity: FileIdentity
        /// Where a symbolic link leads, as it is written.
        var target: String?

        /// - Parameter prefix: the directory in the image, without slashes around it; "" for the image's root.
        func entry(below prefix: String) -> LayerEntry {
            let path = prefix.isEmpty ? path : prefix + "/" + path
            if let target { return LayerEntry(path: path, kind: .symbolicLink(target: target)) }
            if identity.isDirectory { return LayerEntry(path: path, kind: .directory) }
            return LayerEntry(
                path: path,
                kind: .file(location, size: identity.size, executable: identity.isExecutable)
            )
        }
    }

    private(set) var files: [File] = []
    private let allowsOutwardLinks: Bool

    /// - Parameter allowsOutwardLinks: keeps links that lead out of the directory, for files that are at home where they
    ///   go in the image.
    /// - Throws: ``AssemblerError`` `invalidArtifact` for a name that is not UTF-8, a link that leads out of the
    ///   directory, and whatever is neither file, directory nor link.
    init(in directory: FilePath, allowsOutwardLinks: Bool = false) throws {
        self.allowsOutwardLinks = allowsOutwardLinks
        try list(directory, path: [])
    }

    /// The hash of everything that tells this state of the directory from another without reading a file.
    var fingerprint: String {
        var text = ""
        for file in files {
            let identity = file.identity
            // A directory changes its size and time with its entries, which are listed anyway.
            let state =
                identity.isDirectory
                ? "d" : "\(identity.device) \(identity.inode) \(identity.size) \(identity.modified) \(identity.mode)"
            text += "\(file.path.utf8.count):\(file.path) \(state) \(file.target ?? "")\n"
        }
        return "directory-" + Digest.sha256(of: text.utf8).hexadecimal
    }

    private mutating func list(_ directory: FilePath, path: [String]) throws {
        for name in try directory.entries() {
            let location = directory.appending(name)
            guard Array(name.string.utf8) == name.bytes else {
                throw AssemblerError(.invalidArtifact, "the name of \(location) is not UTF-8; rename the file")
            }
            let components = path + [name.string]
            var file = File(
                path: components.joined(separator: "/"),
                location: location,
                identity: try FileIdentity(of: location, followingLinks: false),
                target: nil
            )
            if file.identity.isSymbolicLink {
                file.target =
                    allowsOutwardLinks
                    ? try location.symbolicLinkTarget().string : try Self.target(of: location, depth: path.count)
            } else if !file.identity.isDirectory, !file.identity.isRegularFile {
                throw AssemblerError(
                    .invalidArtifact,
                    "\(location) is neither a file nor a directory; remove it from the artifact"
                )
            }
            files.append(file)
            if file.identity.isDirectory { try list(location, path: components) }
        }
    }

    /// - Parameter depth: how many directories below the artifact's root the link is.
    private static func target(of link: FilePath, depth: Int) throws -> String {
        let target = try link.symbolicLinkTarget()
        var level = depth
        for component in target.components {
            switch component.kind {
            case .parentDirectory: level -= 1
            case .currentDirectory: break
            case .regular: level += 1
            }
            if level < 0 { break }
        }
        guard level >= 0, !target.isAbsolute else {
            throw AssemblerError(
                .invalidArtifact,
                "the link \(link) leads out of the artifact, to \(target); put the file itself there"
            )
        }
        return target.string
    }
}
