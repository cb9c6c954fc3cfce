import Archive
import Concurrency
import FileSystem
import Logging
import OCI
import SystemPackage
import TrainedModels

/// An artifact's files: hashed and unpacked once, and only if someone asks.
final class UnpackedArtifact: Sendable {
    private let artifact: PackagingRequest.Artifact
    private let directory: FilePath
    private let limits: ArchiveLimits
    private let logger: Logger
    private let digests = OnceEach<FilePath, Digest>()
    private let modelFiles = OnceEach<FilePath, Bool>()
    private let roots = OnceEach<FilePath, FilePath>()

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
        if let given { return given }
        return try await digests.value(for: path) {
            try await withCancellableBlocking { try ArtifactIngest.digest(of: path, cancellation: $0) }
        }
    }

    /// The name of a single model file, which goes into images as it is; nil for an archive or a directory.
    func modelFile() async throws -> String? {
        guard case .archive(let path, _) = artifact else { return nil }
        let isModel = try await modelFiles.value(for: path) { try await ModelInspector.isModelFile(path) }
        return isModel ? path.lastComponent?.string : nil
    }

    /// The directory that holds the files.
    func root() async throws -> FilePath {
        switch artifact {
        case .directory(let path):
            return path
        case .archive(let path, _):
            let modelFile = try await modelFile()
            return try await roots.value(for: path) { [directory, limits, logger] in
                let target = directory.appending("artifact")
                try await blocking {
                    try directory.createDirectories(mode: .ownerReadWriteExecute)
                    // What a cancelled attempt left.
                    try target.removeTree()
                    try target.createDirectories()
                }
                if let modelFile {
                    try await Self.place(path, at: target.appending(modelFile))
                    return target
                }
                let members = try await ArchiveExtractor.extract(path, into: target, limits: limits)
                logger.info("unpacked \(members.count) files and directories")
                return target
            }
        }
    }

    /// Puts a file somewhere: by a link, or a copy where the disk is another.
    private static func place(_ file: FilePath, at target: FilePath) async throws {
        try await withCancellableBlocking { flag in
            if file.link(to: target) { return }
            try file.copy(to: target, cancellation: flag)
        }
    }
}
