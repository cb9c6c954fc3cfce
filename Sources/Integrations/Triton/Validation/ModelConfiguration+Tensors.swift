extension ModelConfiguration {
    /// Every input and output, then the inputs and outputs that the server makes of a batch.
    func validateTensors() throws {
        for input in inputs {
            try validate(input, as: "model input")
            if input.format != .none, input.dims.count != 3 {
                throw Self.refusal("model input NHWC/NCHW require 3 dims for \(name)")
            }
        }
        for output in outputs { try validate(output, as: "model output") }
        try validateBatchTensors()
    }

    private func validate(_ tensor: some ModelTensor, as kind: String) throws {
        func refusal(_ reason: String) -> TritonError { Self.refusal("\(reason) for \(name)") }
        guard !tensor.name.isEmpty else { throw refusal("\(kind) must specify 'name'") }
        let called = "\(kind) '\(tensor.name)'"
        guard tensor.dataType != .invalid else { throw refusal("\(called) must specify 'data_type'") }
        guard !tensor.dims.isEmpty else { throw refusal("\(called) must specify 'dims'") }
        if tensor.reshape?.shape.isEmpty == true, maxBatchSize == 0 {
            throw refusal(
                "\(called) cannot have empty reshape for non-batching model as scalar tensors are not supported"
            )
        }
        let wildcard = "to indicate a variable-size dimension"
        guard tensor.dims.allSatisfy(Self.isDimension) else {
            throw refusal("\(called) dimension must be integer >= 1, or -1 \(wildcard)")
        }
        if let reshape = tensor.reshape {
            guard reshape.shape.allSatisfy(Self.isDimension) else {
                throw refusal("\(called) reshape dimensions must be integer >= 1, or -1 \(wildcard)")
            }
            let dims = try Self.runs(tensor.dims, of: called)
            let shape = try Self.runs(reshape.shape, of: called)
            guard dims.count == shape.count else {
                throw refusal(
                    "\(called) has different \(dims.count == 1 || shape.count == 1 ? "size" : "number of variable-size dimensions") for dims and reshape"
                )
            }
            guard dims == shape else { throw refusal("\(called) has different size for dims and reshape") }
        }
        guard isTensorRT || !tensor.isShapeTensor else {
            throw refusal("shape tensors are only supported for TensorRT platform")
        }
        if tensor.isNonLinearFormat {
            guard isTensorRT else { throw refusal("Non-linear IO format is only supported for the TensorRT platform") }
            guard tensor.dims.count == 3 else { throw refusal("Non-linear IO format of \(called) requires 3 dims") }
        }
    }

    private static func isDimension(_ size: Int64) -> Bool { size >= 1 || size == -1 }

    /// The element counts between variable sizes: [2, 4, -1, 6] → [8, 6]. An empty shape is one element.
    private static func runs(_ shape: [Int64], of tensor: String) throws -> [Int64] {
        try shape.split(separator: -1, omittingEmptySubsequences: false).map { run in
            try run.reduce(1) { product, size in
                let (result, isTooLarge) = product.multipliedReportingOverflow(by: size)
                if isTooLarge { throw refusal("\(tensor) has more elements than can be counted") }
                return result
            }
        }
    }

    private func validateBatchTensors() throws {
        func refusal(_ reason: String) -> TritonError { Self.refusal("\(reason) for \(name)") }
        let known = Set(inputs.map(\.name))
        for batch in batchInputs {
            guard batch.sourceInputs.count == 1 else {
                throw refusal(
                    "batch input kind '\(batch.kind.rawValue)' expects 1 source input, got \(batch.sourceInputs.count)"
                )
            }
            guard batch.dataType == .int32 || batch.dataType == .fp32 else {
                throw refusal("batch input data type must be TYPE_INT32 or TYPE_FP32")
            }
            for source in batch.sourceInputs where !known.contains(source) {
                throw refusal("unknown source input name '\(source)'")
            }
        }
        for batch in batchOutputs {
            guard batch.sourceInputs.count == 1 else {
                throw refusal(
                    "batch output kind '\(batch.kind.rawValue)' expects 1 source input, got \(batch.sourceInputs.count)"
                )
            }
            for source in batch.sourceInputs where !known.contains(source) {
                throw refusal("unknown source input name '\(source)'")
            }
            var targets: Set<String> = []
            for target in batch.targetNames {
                guard outputs.contains(where: { $0.name == target }) else {
                    throw refusal("unknown target output name '\(target)'")
                }
                guard targets.insert(target).inserted else {
                    throw refusal("target output name '\(target)' can only be specified once")
                }
            }
        }
    }
}
