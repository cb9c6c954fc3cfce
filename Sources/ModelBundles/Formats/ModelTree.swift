package import FileSystem
import Glibc
package import SystemPackage

/// What lies in a model's directory.
package struct ModelTree: Sendable {
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var isDirectory: Bool
    }

    package struct File: Sendable, Hashable {
        /// Below the model's directory, components joined by "/".
        package var path: String
        /// Where its bytes are: behind the link, where it is one.
        package var location: FilePath
        package var identity: FileIdentity
    }

    /// Directory by directory, in the order of the names' bytes: the order in which ORMB walks them.
    package private(set) var files: [File] = []
    /// Relative paths, the top ("") first, then those below it level by level.
    package private(set) var directories: [String] = []
    private var entries: [String: [Entry]] = [:]

    /// - Throws: ``BundleError`` `invalidModel` for what no bundle holds: names that are not UTF-8, links that lead out of
    ///   the directory or to a directory, devices. A link to a file within counts as that file.
    package init(of root: FilePath) throws {
        guard root.isDirectory else {
            throw BundleError(.invalidModel, "\(root) is no directory; the model's files belong in it")
        }
        try list(root, below: "", root: try Self.real(root))
        directories = entries.keys.sorted {
            let depths = ($0.utf8.count { $0 == UInt8(ascii: "/") }, $1.utf8.count { $0 == UInt8(ascii: "/") })
            if $0.isEmpty != $1.isEmpty { return $0.isEmpty }
            return depths.0 == depths.1 ? $0.utf8.lexicographicallyPrecedes($1.utf8) : depths.0 < depths.1
        }
    }

    /// In the order of the names' bytes.
    package func entries(of directory: String) -> [Entry] { entries[directory] ?? [] }

    package func file(_ path: String) -> File? { files.first { $0.path == path } }

    private mutating func list(_ directory: FilePath, below prefix: String, root: FilePath) throws {
        entries[prefix] = []
        for component in try directory.entries() {
            let location = directory.appending(component)
            guard let name = String(validating: component.bytes, as: UTF8.self) else {
                throw BundleError(.invalidModel, "the name of \(location) is not UTF-8; rename the file")
            }
            guard !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
                throw BundleError(.invalidModel, "the name of \(location) holds control characters; rename the file")
            }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            let identity = try FileIdentity(of: location, followingLinks: false)
            entries[prefix]?.append(Entry(name: name, isDirectory: identity.isDirectory))
            if identity.isDirectory {
                try list(location, below: path, root: root)
            } else if identity.isRegularFile {
                files.append(File(path: path, location: location, identity: identity))
            } else if identity.isSymbolicLink {
                files.append(try Self.linkedFile(path, location, root: root))
            } else {
                throw BundleError(
                    .invalidModel,
                    "\(location) is neither a file nor a directory; remove it from the model"
                )
            }
        }
    }

    private static func linkedFile(_ path: String, _ link: FilePath, root: FilePath) throws -> File {
        let target = try real(link)
        guard target.starts(with: root) else {
            throw BundleError(
                .invalidModel,
                "the link \(link) leads out of the model, to \(target); put the file itself there"
            )
        }
        let identity = try FileIdentity(of: target)
        guard identity.isRegularFile else {
            throw BundleError(.invalidModel, "the link \(link) leads to no file; put the files themselves there")
        }
        return File(path: path, location: target, identity: identity)
    }

    /// The path without links.
    private static func real(_ path: FilePath) throws -> FilePath {
        guard let real = path.withPlatformString({ realpath($0, nil) }) else {
            throw FileSystemError.last("follow the link", path)
        }
        defer { free(real) }
        return FilePath(platformString: real)
    }
}
