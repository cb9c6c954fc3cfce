import Archive
import FileSystem
import Glibc
import SystemPackage
import TrainedModels

/// An artifact's files for a program that may do with them what it wants.
enum ArtifactCopy {
    /// Unpacks an archive, or copies a directory or model file.
    ///
    /// - Parameter directory: is made.
    static func make(
        of artifact: PackagingRequest.Artifact,
        in directory: FilePath,
        limits: ArchiveLimits
    ) async throws {
        try directory.createDirectories()
        switch artifact {
        case .directory(let path):
            _ = try await DirectoryTree.scan(path, limits: limits)
            try await withCancellableBlocking { try copy(path, to: directory, $0) }
        case .archive(let path, _):
            guard try await ModelInspector.isModelFile(path) else {
                _ = try await ArchiveExtractor.extract(path, into: directory, limits: limits)
                return
            }
            let file = directory.appending(artifact.name)
            try await withCancellableBlocking { try path.copy(to: file, cancellation: $0) }
        }
    }

    /// - Parameter directory: one of which it is known that it holds nothing but files, directories and links into it.
    private static func copy(_ directory: FilePath, to target: FilePath, _ flag: CancellationFlag) throws {
        for name in try directory.entries() {
            let (source, copy) = (directory.appending(name), target.appending(name))
            let identity = try FileIdentity(of: source, followingLinks: false)
            if identity.isDirectory {
                try copy.createDirectories()
                try self.copy(source, to: copy, flag)
            } else if identity.isSymbolicLink {
                try copy.createSymbolicLink(to: source.symbolicLinkTarget())
            } else {
                try source.copy(to: copy, cancellation: flag)
                if identity.isExecutable { _ = copy.withPlatformString { chmod($0, 0o755) } }
            }
        }
    }
}
