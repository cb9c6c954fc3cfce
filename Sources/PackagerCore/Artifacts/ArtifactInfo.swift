package import FoundationEssentials
package import OCI
package import SystemPackage
package import TrainedModels

/// What is known of one version of an artifact without unpacking it.
package struct ArtifactInfo: Sendable, Hashable {
    package var name: String
    package var version: Int
    /// Of the versions that there are.
    package var versions: [Int]
    /// Which of them the name alone stands for.
    package var defaultVersion: Int
    /// Where its bytes are; they stay there for as long as the version does.
    package var path: FilePath
    /// Bytes; nil for a directory.
    package var size: Int64?
    /// Of the file's bytes; nil for a directory, and for a file put into place by hand until it is first needed.
    package var digest: Digest?
    package var createdAt: Date
    package var description: String?
    /// Nil until someone has looked.
    package var kind: String?
    /// What was found inside; nil until someone has looked, and for what is looked at again each time.
    package var model: TrainedModel?

    package var isDirectory: Bool { size == nil }
    package var isDefault: Bool { version == defaultVersion }
    /// What a model is called that has no name of its own.
    var fallbackName: String { ArtifactName.stem(of: name) }
}

extension TrainedModel {
    /// The kind in a word: `gppi`, `mlflow`, `triton`, or the format of a single model file.
    package var kindName: String {
        switch kind {
        case .gppi: "gppi"
        case .mlflow: "mlflow"
        case .triton: "triton"
        case .file: parts.first?.format.rawValue ?? "file"
        }
    }
}
