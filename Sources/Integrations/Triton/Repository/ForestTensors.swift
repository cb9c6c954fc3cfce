import TrainedModels

/// The tensors of a forest, as the FIL backend has them: rows of features in, one number a row out.
///
/// Source: `docs/model_config.md` of triton-inference-server/fil_backend.
enum ForestTensors {
    static let outputName = "output__0"

    /// Nil where the file does not say how many features it takes, or where it predicts several targets.
    static func signature(_ format: ModelFormat, _ traits: [String: Int]) -> ModelSignature? {
        guard [.xgboost, .lightgbm, .treelite].contains(format), let features = traits["features"], features > 0,
            traits["targets"] == nil
        else { return nil }
        return ModelSignature(
            inputs: [.init(name: "input__0", type: "float32", shape: [-1, features])],
            outputs: [.init(name: outputName, type: "float32", shape: [-1, 1])]
        )
    }
}

extension ConfigurationCompletion {
    /// Says whether the output is a class, or with more than one number a row, the probability of each.
    ///
    /// Releases call the parameter `output_class` or `is_classifier`; each ignores the other name.
    func addForestOutput(to added: inout ModelConfiguration, given: ModelConfiguration) {
        let names = ["output_class", "is_classifier"]
        guard names.allSatisfy({ given.parameters[$0] == nil }), let classes = traits["classes"] else { return }
        for name in names { added.parameters[name] = ModelParameter("true") }
        let output = (given.outputs + added.outputs).first { $0.name == ForestTensors.outputName }
        if let output, given.parameters["predict_proba"] == nil, classes > 1, output.dims.last ?? 1 > 1 {
            added.parameters["predict_proba"] = ModelParameter("true")
        }
    }
}
