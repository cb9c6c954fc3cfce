import TrainedModels

extension ModelRuntime.Kind {
    /// The model's requirements, and what the wrappers need where the model does not bring it.
    ///
    /// gunicorn is in the environment of command lines, too, which never start it: packages are chosen together, so an
    /// environment without it could hold other versions than the one with it, and its layers would be others. With one
    /// environment for all, a second image of an artifact uploads its own wrapper and nothing else.
    func completing(_ given: [String]) -> [String] {
        var requirements = given
        let names = given.map(EnvironmentRequirements.distributionName)
        for (requirement, providers) in [("gunicorn>=23", ["gunicorn"])] + needs
        where !names.contains(where: providers.contains) {
            requirements.append(requirement)
        }
        return requirements
    }

    /// What the kind is loaded with, each with the names of distributions that provide it.
    private var needs: [(requirement: String, providers: [String])] {
        switch self {
        case .gppi: []
        case .mlflow: [("mlflow-skinny", ["mlflow", "mlflow-skinny"])]
        case .file(.pickle, _): [("scikit-learn", ["scikit-learn"])]
        case .file(.skops, _): [("scikit-learn", ["scikit-learn"]), ("skops", ["skops"])]
        case .file(.onnx, _):
            [("onnxruntime", ["onnxruntime", "onnxruntime-gpu", "onnxruntime-openvino", "onnxruntime-directml"])]
        }
    }
}
