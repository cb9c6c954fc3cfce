import Archive
import FileSystem
import Logging
import Synchronization
import SystemPackage

/// The artifacts that are at work in this process: packagings of one artifact at the same time share one workspace.
final class ArtifactWorkspaces: Sendable {
    private struct Key: Hashable {
        var artifact: PackagingRequest.Artifact
        /// A path may hold another artifact a moment later.
        var state: FileIdentity
    }

    private struct Entry {
        var workspace: ArtifactWorkspace
        var directory: FilePath
        var users = 0
    }

    private let directory: FilePath
    private let limits: ArchiveLimits
    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameter directory: scratch space, on the disk of the store.
    init(in directory: FilePath, limits: ArchiveLimits) {
        self.directory = directory
        self.limits = limits
    }

    /// The artifact's workspace for the time of `body`; the last one that leaves removes what was unpacked.
    ///
    /// - Parameter logger: of the first; is told when the archive is unpacked.
    func withWorkspace<Value: Sendable>(
        of artifact: PackagingRequest.Artifact,
        logger: Logger,
        _ body: @Sendable (ArtifactWorkspace) async throws -> Value
    ) async throws -> Value {
        let key = Key(artifact: artifact, state: try await blocking { try FileIdentity(of: artifact.path) })
        let workspace = enter(key, logger)
        do {
            let value = try await body(workspace)
            try await leave(key)
            return value
        } catch {
            try? await leave(key)
            throw error
        }
    }

    private func enter(_ key: Key, _ logger: Logger) -> ArtifactWorkspace {
        entries.withLock { entries in
            var entry = entries[key] ?? newEntry(key, logger)
            entry.users += 1
            entries[key] = entry
            return entry.workspace
        }
    }

    private func newEntry(_ key: Key, _ logger: Logger) -> Entry {
        let scratch = directory.appending("job-" + String(UInt64.random(in: 0 ... .max), radix: 36))
        return Entry(
            workspace: ArtifactWorkspace(key.artifact, in: scratch, limits: limits, logger: logger),
            directory: scratch
        )
    }

    private func leave(_ key: Key) async throws {
        let abandoned = entries.withLock { entries -> FilePath? in
            entries[key]?.users -= 1
            guard let entry = entries[key], entry.users == 0 else { return nil }
            entries[key] = nil
            return entry.directory
        }
        if let abandoned { try await blocking { try abandoned.removeTree() } }
    }
}
