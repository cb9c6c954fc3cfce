package import TrainedModels

/// What is known of an artifact's inside.
package enum ArtifactInspection: Sendable, Hashable {
    case found(TrainedModel)
    /// No model that can be packaged, and why.
    case none(String)
    /// It is looked at now; the next answer knows more.
    case pending
}
