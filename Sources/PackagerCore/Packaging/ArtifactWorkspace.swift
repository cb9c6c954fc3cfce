import Archive
import Concurrency
import FileSystem
import ImageAssembler
import Logging
import OCI
import SystemPackage
import TrainedModels

/// An artifact at work, for all images that are made of it: looked through once, and only if someone needs it.
///
/// An archive that was packaged before is known by its digest: its model and its layers are found again without
/// opening it.
final class ArtifactWorkspace: Sendable {
    private let artifact: PackagingRequest.Artifact
    private let unpacked: UnpackedArtifact
    private let limits: ArchiveLimits
    private let states = OnceEach<String?, ArtifactContents>()
    private let models = OnceEach<ModelKey, TrainedModel>()

    private struct ModelKey: Hashable {
        var contents: String?
        var fallbackName: String
    }

    /// - Parameter directory: scratch space; the owner removes it.
    init(_ artifact: PackagingRequest.Artifact, in directory: FilePath, limits: ArchiveLimits, logger: Logger) {
        self.artifact = artifact
        self.limits = limits
        unpacked = UnpackedArtifact(artifact, in: directory, limits: limits, logger: logger)
    }

    /// The artifact as the assembler takes it; the same value for as long as its files stay as they are.
    func contents() async throws -> ArtifactContents {
        let contents: ArtifactContents
        switch artifact {
        case .directory(let path):
            contents = try await .directory(path)
        case .archive:
            // An archive's name is nowhere in the image, a model file's is.
            let name = try await unpacked.modelFile().map { "-\($0)" } ?? ""
            let key = try await unpacked.digest().map { "archive-\($0.hexadecimal)\(name)" }
            contents = ArtifactContents(key: key) { [unpacked] in try await unpacked.root() }
        }
        return try await states.value(for: contents.key) { contents }
    }

    /// What the artifact holds.
    ///
    /// - Parameter inspections: is asked before an archive is opened, and told what it holds.
    func model(fallbackName: String, knownTo inspections: any InspectionCache) async throws -> TrainedModel {
        let key = ModelKey(contents: try await contents().key, fallbackName: fallbackName)
        return try await models.value(for: key) { [unpacked, limits] in
            // What is known of a model file may be known under another name.
            let digest = try await unpacked.modelFile() == nil ? unpacked.digest() : nil
            if let digest, let known = try await inspections.model(for: digest, fallbackName: fallbackName) {
                return known
            }
            let model = try await Self.inspect(unpacked.root(), limits: limits, fallbackName: fallbackName)
            if let digest { try await inspections.record(model, for: digest, fallbackName: fallbackName) }
            return model
        }
    }

    /// What a directory holds.
    static func inspect(_ root: FilePath, limits: ArchiveLimits, fallbackName: String) async throws -> TrainedModel {
        let files = try await DirectoryTree.scan(root, limits: limits)
            .filter { $0.kind != .directory }.map { ModelFile(path: $0.path, size: $0.size) }
        return try await ModelInspector.inspect(root: root, files: files, fallbackName: fallbackName)
    }
}
