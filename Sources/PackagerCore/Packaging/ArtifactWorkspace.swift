import Archive
import FileSystem
import ImageAssembler
import Logging
import OCI
import SystemPackage
import TrainedModels

/// An artifact at work: unpacked once, and only if someone needs its files.
///
/// An archive that was packaged before is known by its digest: its model and its layers are found again without
/// opening it.
actor ArtifactWorkspace {
    private let artifact: PackagingRequest.Artifact
    private let directory: FilePath
    private let limits: ArchiveLimits
    private let logger: Logger
    private var unpacking: Task<FilePath, any Error>?
    private var knownDigest: Digest?

    /// - Parameter directory: scratch space; the owner removes it.
    init(_ artifact: PackagingRequest.Artifact, in directory: FilePath, limits: ArchiveLimits, logger: Logger) {
        self.artifact = artifact
        self.directory = directory
        self.limits = limits
        self.logger = logger
    }

    /// The SHA-256 of an archive; nil for a directory.
    func digest() async throws -> Digest? {
        guard case .archive(let path, let given) = artifact else { return nil }
        if let digest = given ?? knownDigest { return digest }
        let digest = try await withCancellableBlocking { try ArtifactIngest.digest(of: path, cancellation: $0) }
        knownDigest = digest
        return digest
    }

    /// The directory that holds the artifact's files.
    func root() async throws -> FilePath {
        switch artifact {
        case .directory(let path):
            return path
        case .archive(let path, _):
            if let unpacking { return try await unpacking.value }
            let task = Task { [directory, limits, logger] in
                let target = directory.appending("artifact")
                try target.createDirectories()
                let members = try await ArchiveExtractor.extract(path, into: target, limits: limits)
                logger.info("unpacked \(members.count) files and directories")
                return target
            }
            unpacking = task
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        }
    }

    /// What the artifact holds.
    func inspect(fallbackName: String) async throws -> TrainedModel {
        let root = try await root()
        let files = try await DirectoryTree.scan(root, limits: limits)
            .filter { $0.kind != .directory }.map { ModelFile(path: $0.path, size: $0.size) }
        return try await ModelInspector.inspect(root: root, files: files, fallbackName: fallbackName)
    }

    /// The artifact as the assembler takes it.
    func contents() async throws -> ArtifactContents {
        switch artifact {
        case .directory(let path): try await .directory(path)
        case .archive:
            ArtifactContents(key: try await digest().map { "archive-\($0.hexadecimal)" }) { try await self.root() }
        }
    }
}
