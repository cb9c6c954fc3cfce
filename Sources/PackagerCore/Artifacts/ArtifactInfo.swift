package import FoundationEssentials
package import OCI
package import TrainedModels

/// What is known of an artifact without unpacking it.
package struct ArtifactInfo: Sendable, Hashable, Codable {
    package var name: String
    /// Bytes; nil for a directory.
    package var size: Int64?
    /// Of the file's bytes; nil for a directory, and for a file put into place by hand until it is first needed.
    package var digest: Digest?
    package var createdAt: Date
    package var description: String?
    /// What was found inside; nil until a job has looked.
    package var model: TrainedModel?

    package var isDirectory: Bool { size == nil }
}
