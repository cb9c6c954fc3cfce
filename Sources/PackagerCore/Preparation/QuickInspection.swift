import Archive
import FileSystem
import Logging
import SystemPackage
import TrainedModels

/// Finds out what an artifact holds if that takes no time, however large it is: what is known of it already, the files of
/// a directory, the header of a model file, or what is in a small archive.
struct QuickInspection: Sendable {
    /// Bytes of an archive that is opened to look into it.
    static let maximumArchive: Int64 = 16 << 20

    let inspections: any InspectionCache
    /// Scratch space.
    let work: FilePath

    /// Nil when it is not known what the artifact holds and would take time to find out, or when it cannot be opened,
    /// which the job says better.
    ///
    /// - Throws: `ModelError` for an artifact that holds no model, or one that cannot be packaged.
    func model(in artifact: PackagingRequest.Artifact, fallbackName: String) async throws -> TrainedModel? {
        do {
            return try await inspected(artifact, fallbackName: fallbackName)
        } catch let error as ModelError {
            throw error
        } catch {
            try Task.checkCancellation()
            return nil
        }
    }

    private func inspected(_ artifact: PackagingRequest.Artifact, fallbackName: String) async throws -> TrainedModel? {
        var limits = ArchiveLimits()
        limits.maximumEntries = 5_000
        switch artifact {
        case .directory(let path):
            return try await ArtifactWorkspace.inspect(path, limits: limits, fallbackName: fallbackName)
        case .archive(let path, let digest):
            if let digest, let known = try await inspections.model(for: digest, fallbackName: fallbackName) {
                return known
            }
            guard try await isQuick(path, isHashed: digest != nil) else { return nil }
            limits.maximumBytes = 64 << 20
            return try await withTemporaryDirectory(in: work, prefix: "quick") { [limits] scratch in
                let quiet = Logger(label: "inspection") { _ in SwiftLogNoOpLogHandler() }
                return try await ArtifactWorkspace(artifact, in: scratch, limits: limits, logger: quiet)
                    .model(fallbackName: fallbackName, knownTo: inspections)
            }
        }
    }

    private func isQuick(_ path: FilePath, isHashed: Bool) async throws -> Bool {
        let (file, scratch) = try await blocking { (try FileIdentity(of: path), try FileIdentity(of: work)) }
        if file.size <= Self.maximumArchive { return true }
        // A model file is not hashed again, and not copied but linked.
        guard isHashed, file.device == scratch.device else { return false }
        return try await ModelInspector.isModelFile(path)
    }
}
