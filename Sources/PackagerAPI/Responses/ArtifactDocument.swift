import FoundationEssentials
import OCI
import PackagerCore
import TrainedModels

/// A version of an artifact, as clients read it.
struct ArtifactDocument: Encodable {
    var name: String
    var version: Int
    var defaultVersion: Int
    var versions: [Int]
    var size: Int64?
    var digest: Digest?
    var createdAt: Date
    var description: String?
    var kind: String?
    /// `done`, `failed` or `pending`; nil where nobody has asked.
    var inspection: String?
    /// Why there is no model.
    var problem: String?
    var model: ModelDocument?

    /// As one of many: without what is inside.
    init(_ info: ArtifactInfo) {
        name = info.name
        version = info.version
        defaultVersion = info.defaultVersion
        versions = info.versions
        size = info.size
        digest = info.digest
        createdAt = info.createdAt
        description = info.description
        kind = info.kind
    }

    init(_ info: ArtifactInfo, _ found: ArtifactInspection) {
        self.init(info)
        switch found {
        case .found(let model):
            inspection = "done"
            kind = model.kindName
            self.model = ModelDocument(model)
        case .none(let problem):
            inspection = "failed"
            kind = nil
            self.problem = problem
        case .pending: inspection = "pending"
        }
    }
}

/// What was found in an artifact.
struct ModelDocument: Encodable {
    /// The most files that are listed; ``fileCount`` counts all.
    private static let maximumFiles = 1000

    struct Part: Encodable {
        var path: String
        var format: String
        var signature: ModelSignature?
    }

    var name: String
    var version: String
    /// MLflow's.
    var flavors: [String]?
    /// The Python it was trained with.
    var python: String?
    var requirements: [String]?
    var signature: ModelSignature?
    /// The model files in it.
    var parts: [Part]
    var files: [ModelFile]
    var fileCount: Int

    init(_ model: TrainedModel) {
        name = model.name
        version = model.version
        if case .mlflow(_, let flavors) = model.kind { self.flavors = flavors }
        python = model.environment?.pythonVersion
        requirements = model.environment?.requirements
        parts = model.parts.map { Part(path: $0.path, format: $0.format.rawValue, signature: $0.signature) }
        signature = model.signature ?? (model.parts.count == 1 ? model.parts[0].signature : nil)
        files = Array(model.files.prefix(Self.maximumFiles))
        fileCount = model.files.count
    }
}
