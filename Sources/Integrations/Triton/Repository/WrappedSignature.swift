import PythonLayers
import TrainedModels

enum PythonPaths {
    /// Of the Python backend's parameter `EXECUTION_ENV_PATH`: a directory, as in the other images.
    static let environment = PythonEnvironment.prefix
}

/// The tensors of a model that is code.
enum WrappedSignature {
    /// One matrix in and one out for a model that says nothing of its columns; else its tensors, or one tensor of shape
    /// [rows, 1] for each column.
    static func tensors(of signature: ModelSignature?) -> ModelSignature {
        ModelSignature(
            inputs: fields(signature?.inputs ?? [], "input"),
            outputs: fields(signature?.outputs ?? [], "predict")
        )
    }

    private static func fields(_ fields: [ModelSignature.Field], _ name: String) -> [ModelSignature.Field] {
        let matrix = ModelSignature.Field(name: name, type: "float64", shape: [-1, -1])
        let hasNames = fields.allSatisfy { $0.name != nil || $0.shape != nil }
        if fields.isEmpty { return [matrix] }
        // Columns without names are one matrix, of the type they share.
        if !hasNames {
            let types = Set(fields.map(\.type))
            var matrix = matrix
            matrix.type = types.count == 1 ? fields[0].type : "float64"
            matrix.shape = [-1, fields.count]
            return [matrix]
        }
        return fields.map { field in
            var field = field
            if field.name == nil, fields.count == 1 { field.name = name }
            if field.shape == nil { field.shape = [-1, 1] }
            return field
        }
    }
}
