import FileSystem
import FoundationEssentials
import Glibc
package import SystemPackage

/// What is kept between builds. All of it can be deleted at any time between builds: that loses time, not data.
package struct CacheDirectory: Sendable {
    package var root: FilePath

    package init(root: FilePath) { self.root = root }

    /// Locks by their key.
    package var locks: FilePath { root.appending("locks") }
    /// Downloaded and built wheels: `<sha256>/<file name>`.
    package var wheels: FilePath { root.appending("wheels") }
    /// Which wheel a source distribution became: `<key>.json`.
    package var built: FilePath { root.appending("built") }
    /// Unpacked, verified wheels: `<sha256>/`.
    package var unpacked: FilePath { root.appending("unpacked") }
    /// Byte code: `<key>/`.
    package var byteCode: FilePath { root.appending("bytecode") }
    /// What is known of sets of wheels: `<key>.json`.
    package var environments: FilePath { root.appending("environments") }
    /// What base images' layers have of Python: `<key>.json`.
    var baseLayers: FilePath { root.appending("base-layers") }
    /// uv's own cache.
    package var resolver: FilePath { root.appending("uv") }
    /// Work in progress; what a killed process left is removed by ``prune()``.
    package var unfinished: FilePath { root.appending("unfinished") }

    /// Makes a directory by `body` in a temporary place and moves it to its name: it is there whole or not at all.
    package func makeDirectory(at path: FilePath, _ body: @Sendable (FilePath) async throws -> Void) async throws {
        if path.exists {
            touch(path)
            return
        }
        try path.removingLastComponent().createDirectories()
        try await withTemporaryDirectory(in: unfinished) { directory in
            let made = directory.appending("made")
            try made.createDirectories()
            try await body(made)
            try Task.checkCancellation()
            do {
                try made.rename(to: path)
            } catch {
                // Another build was quicker with the same content.
                if !path.exists { throw error }
            }
        }
    }

    /// Removes trees that can be made again and that no build has used for a week, and what a killed process left.
    package func prune() throws {
        for directory in [unpacked, byteCode] { try prune(directory, olderThan: 7 * 86_400) }
        try prune(unfinished, olderThan: 86_400)
    }

    private func prune(_ directory: FilePath, olderThan seconds: Int64) throws {
        guard directory.exists else { return }
        let now = Int64(Date().timeIntervalSince1970)
        for name in try directory.entries() {
            let path = directory.appending(name)
            guard let identity = try? FileIdentity(of: path, followingLinks: false) else { continue }
            if now - identity.modified / 1_000_000_000 > seconds { try? path.removeTree() }
        }
    }

    /// Notes that the directory is in use.
    private func touch(_ path: FilePath) {
        _ = path.withPlatformString { utimensat(AT_FDCWD, $0, nil, 0) }
    }
}
