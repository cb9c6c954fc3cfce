import TrainedModels

/// Makes a model's `config.pbtxt`, or completes the one that came with it.
///
/// What is given stays as it is, byte for byte; what is missing and known is added at its end.
struct ConfigurationCompletion {
    /// The name of the model and of its directory in the repository.
    var name: String
    var format: ModelFormat
    /// Of the model file, for errors and for the forms of a format.
    var path: String
    /// The name that the version's directory has the model under; nil where there is no file.
    var fileName: String?
    var signature: ModelSignature?
    /// Numbers from the file's header.
    var traits: [String: Int] = [:]
    var arguments: ModelArguments
    /// Parameters that are added unless the given configuration has them.
    var parameters: [String: String] = [:]

    struct Result: Sendable, Hashable {
        var text: String
        var configuration: ModelConfiguration
    }

    /// - Parameter given: the text of the `config.pbtxt` beside the model.
    /// - Throws: ``TritonError``: a given configuration that cannot be read or that Triton refuses, an argument that
    ///   contradicts it, or a field that nothing says.
    func result(given: String?) throws -> Result {
        do {
            let fields = try TextParser.parse(given ?? "")
            let start = try ModelConfiguration(fields: fields)
            let isBatchSizeSet = fields.contains { $0.name == "max_batch_size" }
            var added = ModelConfiguration()
            if given == nil { added.name = name }
            try addBackend(to: &added, given: start)
            try addTensors(to: &added, given: start, isBatchSizeSet: isBatchSizeSet, isNew: given == nil)
            if format.forestType(path: path) != nil { addForestOutput(to: &added, given: start) }
            try addScheduling(to: &added, given: start, isNew: given == nil)
            for (key, value) in parameters where start.parameters[key] == nil {
                added.parameters[key] = ModelParameter(value)
            }
            let text = Self.joined(given, added)
            let configuration = try ModelConfiguration(parsing: text)
            try configuration.validate(directory: name)
            return Result(text: text, configuration: configuration)
        } catch let error as TritonError {
            throw given == nil ? error.inFile(path) : error.inFile("config.pbtxt of \(name)")
        }
    }

    private static func joined(_ given: String?, _ added: ModelConfiguration) -> String {
        guard let given, !given.isEmpty else { return added.text }
        let text = added.text
        guard !text.isEmpty else { return given }
        return given + (given.hasSuffix("\n") ? "" : "\n") + "# Added by Packager:\n" + text
    }

    private func addBackend(to added: inout ModelConfiguration, given: ModelConfiguration) throws {
        guard let serving = format.serving(path: path) else {
            throw TritonError(
                .incompatible,
                "no backend of Triton reads \(format.rawValue) files; save the model as ONNX, or package the project "
                    + "that made it (GPPI or MLflow)"
            )
        }
        if format == .torchExport, traits["aoti"] == nil {
            throw TritonError(
                .incompatible,
                "it is a program of torch.export, and Triton serves .pt2 files that are compiled ahead of time only; "
                    + "compile it (torch._inductor.aoti_compile_and_package), or save the model as ONNX"
            )
        }
        if given.backend.isEmpty, given.platform.isEmpty {
            added.backend = serving.backend
            added.platform = serving.platform
        } else if given.backend == "tensorflow", given.platform.isEmpty {
            added.platform = serving.platform
        }
        if let fileName, given.defaultModelFilename.isEmpty,
            fileName != serving.fileName || serving.backend.isEmpty
        {
            added.defaultModelFilename = fileName
        }
        if let forest = format.forestType(path: path), given.parameters["model_type"] == nil {
            added.parameters["model_type"] = ModelParameter(forest)
        }
    }

    private func addTensors(
        to added: inout ModelConfiguration,
        given: ModelConfiguration,
        isBatchSizeSet: Bool,
        isNew: Bool
    ) throws {
        if let size = arguments.maxBatchSize, isBatchSizeSet, size != given.maxBatchSize {
            throw contradiction("max_batch_size")
        }
        if let inputs = arguments.inputs, !given.inputs.isEmpty, inputs != given.inputs {
            throw contradiction("inputs")
        }
        if let outputs = arguments.outputs, !given.outputs.isEmpty, outputs != given.outputs {
            throw contradiction("outputs")
        }
        let batchSize = arguments.maxBatchSize ?? (isBatchSizeSet ? given.maxBatchSize : nil)
        let inputs = given.inputs.isEmpty ? arguments.inputs : given.inputs
        let outputs = given.outputs.isEmpty ? arguments.outputs : given.outputs
        var size = batchSize
        if let inputs, let outputs {
            if given.inputs.isEmpty { added.inputs = inputs }
            if given.outputs.isEmpty { added.outputs = outputs }
        } else {
            guard let signature = signature ?? ForestTensors.signature(format, traits),
                !signature.inputs.isEmpty || inputs != nil,
                !signature.outputs.isEmpty || outputs != nil
            else { throw incomplete(inputs == nil ? "input" : "output") }
            // Dimensions that the user wrote follow the batch size that the user set.
            let rule = inputs == nil && outputs == nil ? batchSize : batchSize ?? 0
            let known = ModelSignature(
                inputs: inputs == nil ? signature.inputs : [],
                outputs: outputs == nil ? signature.outputs : []
            )
            let tensors = try TensorInference(signature: known, maxBatchSize: rule).tensors()
            if given.inputs.isEmpty { added.inputs = inputs ?? tensors.inputs }
            if given.outputs.isEmpty { added.outputs = outputs ?? tensors.outputs }
            size = tensors.maxBatchSize
        }
        if !isBatchSizeSet, let size { added.maxBatchSize = size }
        if format == .torchScript { try checkTorchNames((given.inputs + added.inputs).map(\.name)) }
    }

    private func addScheduling(to added: inout ModelConfiguration, given: ModelConfiguration, isNew: Bool) throws {
        if let groups = arguments.instanceGroups {
            guard given.instanceGroups.isEmpty || given.instanceGroups == groups else {
                throw contradiction("instance_group")
            }
            if given.instanceGroups.isEmpty { added.instanceGroups = groups }
        }
        let isScheduled =
            given.dynamicBatching != nil || given.sequenceBatching != nil || given.ensembleScheduling != nil
        if let batching = arguments.dynamicBatching {
            guard !isScheduled || given.dynamicBatching == batching else { throw contradiction("dynamic_batching") }
            if !isScheduled { added.dynamicBatching = batching }
        } else if isNew, added.maxBatchSize > 1 {
            // As Triton itself does when it completes a configuration.
            added.dynamicBatching = DynamicBatching()
        }
    }

    private func contradiction(_ field: String) -> TritonError {
        TritonError(.argument, "it sets \(field), and the argument \(field) asks for another; keep one of them")
    }

    /// The names of TorchScript's inputs are the arguments of `forward`, or all end in `__0`, `__1` …
    private func checkTorchNames(_ names: [String]) throws {
        let known = Set((signature?.inputs ?? []).compactMap(\.name))
        func isIndexed(_ name: String) -> Bool {
            let index = name.reversed().prefix(while: \.isNumber).count
            return index > 0 && name.dropLast(index).hasSuffix("__")
        }
        guard !known.isEmpty, !names.allSatisfy(known.contains), !names.allSatisfy(isIndexed) else { return }
        throw TritonError(
            .configuration,
            "the names of a TorchScript model's inputs are those of the arguments of forward "
                + "(\(known.sorted().joined(separator: ", "))), or all of the form NAME__INDEX such as INPUT__0; they are "
                + names.joined(separator: ", ")
        )
    }
}
