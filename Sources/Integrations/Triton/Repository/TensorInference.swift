import TrainedModels

/// The inputs and outputs of a configuration out of what a model's header declares.
///
/// The batch rule is that of Triton's backends: a model batches if the first dimension of every input and output is of
/// any length; that dimension is then not listed, and a tensor that has no other gets the dimension 1 and is reshaped.
struct TensorInference {
    /// Rows that a request may have where nothing says otherwise.
    ///
    /// A request of more is refused, so this is a promise to clients and not a tuning: Triton's own 4 is a guess for
    /// images, and tables are asked for by the hundred. It costs nothing while requests are small: the batcher takes
    /// what is waiting and never waits for more, and no backend reserves memory for a batch before it comes.
    static let usualBatchSize: Int32 = 128

    var signature: ModelSignature
    /// What the user set; nil leaves it to the rule.
    var maxBatchSize: Int32?

    struct Tensors {
        var maxBatchSize: Int32
        var inputs: [ModelInput]
        var outputs: [ModelOutput]
    }

    /// - Throws: ``TritonError`` `incomplete` for a tensor whose type or rank is not known, or that Triton has no form for.
    func tensors() throws -> Tensors {
        let inputs = try signature.inputs.enumerated().map { try tensor($1, "input", $0, of: signature.inputs.count) }
        let outputs = try signature.outputs.enumerated().map {
            try tensor($1, "output", $0, of: signature.outputs.count)
        }
        let fixed = (inputs + outputs).first { $0.shape.first != -1 }
        let batchSize = maxBatchSize ?? (fixed == nil ? Self.usualBatchSize : 0)
        if batchSize > 0, let fixed {
            throw TritonError(
                .incomplete,
                "max_batch_size is \(batchSize), but the first dimension of \"\(fixed.name)\" in the model is "
                    + "\(fixed.shape.first.map { "\($0)" } ?? "not there") and not of any length; set max_batch_size 0"
            )
        }
        return Tensors(
            maxBatchSize: batchSize,
            inputs: inputs.map { tensor in
                var input = ModelInput()
                (input.name, input.dataType) = (tensor.name, tensor.type)
                (input.dims, input.reshape) = Self.dimensions(tensor.shape, isBatched: batchSize > 0)
                return input
            },
            outputs: outputs.map { tensor in
                var output = ModelOutput()
                (output.name, output.dataType) = (tensor.name, tensor.type)
                (output.dims, output.reshape) = Self.dimensions(tensor.shape, isBatched: batchSize > 0)
                return output
            }
        )
    }

    private typealias Tensor = (name: String, type: DataType, shape: [Int64])

    private func tensor(_ field: ModelSignature.Field, _ kind: String, _ index: Int, of count: Int) throws -> Tensor {
        let name = field.name ?? (count == 1 ? kind : "\(kind)_\(index)")
        guard let type = DataType(named: field.type) else {
            throw TritonError(
                .incomplete,
                "data_type of \(kind) \"\(name)\" is not known: the model says \"\(field.type)\", and Triton serves "
                    + "tensors of numbers, truth values and strings only (convert scikit-learn with zipmap=False); set "
                    + "it in the argument \(kind)s"
            )
        }
        guard let shape = field.shape else {
            throw TritonError(
                .incomplete,
                "dims of \(kind) \"\(name)\" is not known: the model declares no shape; set it in the argument \(kind)s"
            )
        }
        return (name, type, shape.map(Int64.init))
    }

    private static func dimensions(_ shape: [Int64], isBatched: Bool) -> ([Int64], TensorReshape?) {
        let rest = isBatched ? Array(shape.dropFirst()) : shape
        return rest.isEmpty ? ([1], TensorReshape()) : (rest, nil)
    }
}
