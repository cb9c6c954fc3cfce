/// What `ormbfile.yaml` says of a model, and the configuration of ORMB's bundles after it.
///
/// Source: ORMB, `pkg/model/types.go` (specification v1alpha1).
package struct BundleMetadata: Sendable, Hashable {
    package var author: String?
    /// RFC 3339.
    package var created: String?
    package var description: String?
    package var tags: [String] = []
    package var labels: [String: String] = [:]
    /// As it is written: a format that is not known here is kept.
    package var format: String
    /// For TensorRT: the GPU that the plan is for.
    package var gpuType: String?
    package var framework: String?
    /// Groups ("training", "validation") of named values.
    package var metrics: [String: [NamedValue]] = [:]
    package var hyperParameters: [NamedValue] = []
    package var signature: Signature?
    /// Where the code of the training is.
    package var training: Repository?
    package var dataset: Repository?
    /// Paths of the model's files; filled in when it is saved.
    package var directoryStructure: [String] = []

    package struct NamedValue: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package struct Signature: Sendable, Hashable {
        package var inputs: [Tensor] = []
        package var outputs: [Tensor] = []
        /// How often the model has each kind of layer.
        package var layers: [String: Int64] = [:]
    }

    package struct Tensor: Sendable, Hashable {
        package var name: String
        /// -1 is any length.
        package var size: [Int64] = []
        package var dType: String?
        /// For PMML.
        package var opType: String?
        /// For PMML: what the field may be.
        package var values: [String] = []
    }

    /// A place in a Git repository.
    package struct Repository: Sendable, Hashable {
        package var repository: String?
        package var revision: String?
    }

    package init(format: BundleFormat) { self.format = format.rawValue }

    init(format: String) { self.format = format }
}
