/// The rules by which Triton refuses a configuration, and its words where they tell enough.
///
/// Source: `model_config_utils.cc` of triton-inference-server/core: `ValidateModelConfig`, `ValidateInstanceGroup`,
/// `ValidateModelIOConfig`.
extension ModelConfiguration {
    /// - Parameter directory: the model's directory in the repository, by which the server knows it.
    /// - Throws: ``TritonError`` `configuration`, the first rule that is broken.
    package func validate(directory: String) throws {
        guard name.isEmpty || name == directory else {
            throw Self.refusal(
                "unexpected directory name '\(directory)' for model '\(name)', directory name must equal model name"
            )
        }
        var named = self
        named.name = directory
        try named.validateBackend()
        guard maxBatchSize >= 0 else {
            throw Self.refusal("'max_batch_size' must be non-negative value for \(directory)")
        }
        if let dynamicBatching { try dynamicBatching.validate(for: named) }
        if let sequenceBatching { try sequenceBatching.validate(for: named) }
        if let ensembleScheduling { try ensembleScheduling.validate(for: named) }
        try named.validatePolicies()
        try named.validateTensors()
        try named.validateInstanceGroups()
    }

    static func refusal(_ reason: String) -> TritonError { TritonError(.configuration, reason) }

    private func validateBackend() throws {
        if platform == Self.ensemblePlatform {
            guard backend.isEmpty else {
                throw Self.refusal(
                    "Ensemble model '\(name)' must have platform type '\(platform)' and empty backend type"
                )
            }
            guard ensembleScheduling != nil else {
                throw Self.refusal("ensemble scheduling must be set for ensemble \(name) whose platform is ensemble")
            }
            return
        }
        guard !backend.isEmpty || !platform.isEmpty else {
            throw Self.refusal("must specify 'platform' or 'backend' for '\(name)'")
        }
        let expected = Self.backendsByPlatform[platform]
        if backend.isEmpty, expected == nil {
            throw Self.refusal("unexpected platform type '\(platform)' for \(name)")
        }
        // A backend of the user's own can have any platform.
        let isKnown = Self.backendsByPlatform.values.contains(backend)
        // The server fills in the platform of a backend that has but one.
        guard !isKnown || platform.isEmpty && backend != "tensorflow" || expected == backend else {
            throw Self.refusal("unexpected 'platform' and 'backend' pair, got:\(platform), \(backend)")
        }
    }

    static let ensemblePlatform = "ensemble"

    /// Platforms that the server knows, and the backend of each.
    static let backendsByPlatform = [
        "tensorflow_graphdef": "tensorflow", "tensorflow_savedmodel": "tensorflow", "tensorrt_plan": "tensorrt",
        "onnxruntime_onnx": "onnxruntime", "pytorch_libtorch": "pytorch", "torch_aoti": "torch_aoti",
    ]

    private func validatePolicies() throws {
        if responseCache?.isEnabled == true {
            if sequenceBatching != nil {
                throw Self.refusal(
                    "Response Cache does not currently support model \(name) with sequence batching scheduler. "
                        + "Please disable the response cache."
                )
            }
            if transactionPolicy?.isDecoupled == true {
                throw Self.refusal(
                    "Response Cache does not currently support model \(name) with 'decoupled' transaction policy. "
                        + "Please disable the response cache."
                )
            }
        }
        for control in metrics?.metricControls ?? [] {
            guard let identifier = control.identifier else {
                throw Self.refusal("metric control must specify 'metric_identifier'")
            }
            guard !identifier.family.isEmpty else {
                throw Self.refusal("metric identifier must specify non-empty 'family'")
            }
            guard let histogram = control.histogramOptions else {
                throw Self.refusal("metric control must specify 'histogram_options'")
            }
            guard !histogram.buckets.isEmpty else {
                throw Self.refusal("histogram options must specify non-empty 'buckets'")
            }
        }
    }

    private func validateInstanceGroups() throws {
        guard ensembleScheduling == nil else { return }
        for (index, group) in instanceGroups.enumerated() {
            let called = "instance group \(group.name.isEmpty ? "\(name)_\(index)" : group.name) of model \(name)"
            if group.kind == .cpu || group.kind == .model, !group.gpus.isEmpty {
                throw Self.refusal("\(called) has kind \(group.kind.rawValue) but specifies one or more GPUs")
            }
            guard group.profiles.isEmpty || isTensorRT else {
                throw Self.refusal(
                    "\(called) and platform \(platform) specifies profile field which is only supported for TensorRT models"
                )
            }
            for profile in group.profiles where Int(profile).map({ $0 < 0 }) ?? true {
                throw Self.refusal(
                    "\(called) and platform \(platform) specifies invalid profile \(profile). The field should contain "
                        + "the string representation of a non-negative integer."
                )
            }
        }
    }

    var isTensorRT: Bool { platform == "tensorrt_plan" || backend == "tensorrt" }
}
