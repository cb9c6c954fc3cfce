import FileSystem
import Glibc
import SystemPackage

/// Where `file` connections may point: below the data directory, except to the service's own state, or below configured roots.
struct FileLocations: Sendable {
    let directory: StateDirectory
    let roots: [FilePath]

    init(_ configuration: PackagerConfiguration) {
        directory = configuration.directory
        roots = configuration.fileRoots
    }

    /// The path that a uri names: `artifacts`, `/data/artifacts`, `file:///data/artifacts`; nil for one that is not allowed.
    func path(of uri: String) -> FilePath? {
        let text = uri.hasPrefix("file://") ? String(uri.dropFirst(7)) : uri
        if text.isEmpty || text.contains("\0") { return nil }
        // `pushing` an absolute path replaces what it is pushed onto.
        let path = Self.resolved(directory.path.pushing(FilePath(text)).lexicallyNormalized())
        if roots.contains(where: { path.starts(with: Self.resolved($0)) }) { return path }
        guard path.starts(with: Self.resolved(directory.path)), path != Self.resolved(directory.path) else {
            return nil
        }
        // The files beside the directories hold secrets; logs and work belong to jobs.
        let own = [directory.logs, directory.work, directory.database, directory.secretKey, directory.lock]
        if own.contains(where: { path.starts(with: Self.resolved($0)) }) { return nil }
        if path.starts(with: Self.resolved(directory.store)) && path != Self.resolved(directory.store) { return nil }
        return path
    }

    func isStore(_ uri: String) -> Bool { path(of: uri) == Self.resolved(directory.store) }

    func isArtifacts(_ uri: String) -> Bool { path(of: uri) == Self.resolved(directory.artifacts) }

    /// The path with the links of its existing part resolved, so that a link cannot lead out of a root.
    private static func resolved(_ path: FilePath) -> FilePath {
        let real = path.withPlatformString { realpath($0, nil) }
        if let real {
            defer { free(real) }
            return FilePath(platformString: real)
        }
        let parent = path.removingLastComponent()
        guard let name = path.lastComponent, parent != path, !parent.isEmpty else { return path }
        return resolved(parent).appending(name)
    }
}
