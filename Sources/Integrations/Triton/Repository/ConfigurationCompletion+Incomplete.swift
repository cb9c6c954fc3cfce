import TrainedModels

extension ConfigurationCompletion {
    /// Shows what is to be written, since nothing in the model says it.
    func incomplete(_ field: String) -> TritonError {
        let serving = format.serving(path: path)
        let backend = [("backend", serving?.backend), ("platform", serving?.platform)]
            .compactMap { key, value in value.flatMap { $0.isEmpty ? nil : "\(key): \"\($0)\"" } }
            .joined(separator: "\n")
        let tensors =
            format.forestType(path: path) == nil
            ? """
            max_batch_size: 0
            input { name: "INPUT__0" data_type: TYPE_FP32 dims: [ -1, 4 ] }
            output { name: "OUTPUT__0" data_type: TYPE_FP32 dims: [ -1, 1 ] }
            """
            : """
            max_batch_size: \(TensorInference.usualBatchSize)
            input { name: "input__0" data_type: TYPE_FP32 dims: [ 4 ] }
            output { name: "output__0" data_type: TYPE_FP32 dims: [ 1 ] }
            """
        return TritonError(
            .incomplete,
            "\(field) is missing: a \(format.rawValue) model does not say its tensors itself; set the arguments inputs "
                + "and outputs, or put this config.pbtxt beside the model, with your names, types and sizes:\n"
                + "name: \"\(name)\"\n\(backend)\n\(tensors)"
        )
    }
}
