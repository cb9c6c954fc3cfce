import TrainedModels

extension ModelFormat {
    /// How the server serves files of a format.
    struct Serving {
        var backend = ""
        /// Where the backend alone does not say it, or none is to be set.
        var platform = ""
        /// The name that a version's directory has the model under when the configuration names none.
        var fileName = ""

        /// The backend by which releases are told apart.
        var requirement: String { backend.isEmpty ? platform : backend }
    }

    /// Nil for what no backend of Triton reads.
    ///
    /// - Parameter path: of the model; its extension decides between forms of one format.
    func serving(path: String) -> Serving? {
        switch self {
        case .onnx: Serving(backend: "onnxruntime", fileName: "model.onnx")
        case .savedModel:
            Serving(backend: "tensorflow", platform: "tensorflow_savedmodel", fileName: "model.savedmodel")
        case .graphDef: Serving(backend: "tensorflow", platform: "tensorflow_graphdef", fileName: "model.graphdef")
        case .torchScript: Serving(backend: "pytorch", fileName: "model.pt")
        // The server itself fills in the backend, under whichever name the release has for it.
        case .torchExport: Serving(platform: "torch_aoti", fileName: "model.pt2")
        case .openVINO: Serving(backend: "openvino", fileName: "model.xml")
        case .tensorRTPlan: Serving(backend: "tensorrt", fileName: "model.plan")
        case .python: Serving(backend: "python", fileName: "model.py")
        case .xgboost: Serving(backend: "fil", fileName: Self.xgboostName(path))
        case .lightgbm: Serving(backend: "fil", fileName: "model.txt")
        case .treelite: Serving(backend: "fil", fileName: "checkpoint.tl")
        case .ensemble: Serving(platform: ModelConfiguration.ensemblePlatform)
        case .pickle, .skops: nil
        }
    }

    /// What the FIL backend calls the format: its parameter `model_type`. Nil for other backends.
    func forestType(path: String) -> String? {
        switch self {
        case .xgboost:
            switch Self.xgboostName(path) {
            case "xgboost.json": "xgboost_json"
            case "xgboost.ubj": "xgboost_ubj"
            default: "xgboost"
            }
        case .lightgbm: "lightgbm"
        case .treelite: "treelite_checkpoint"
        default: nil
        }
    }

    private static func xgboostName(_ path: String) -> String {
        path.hasSuffix(".json") ? "xgboost.json" : path.hasSuffix(".ubj") ? "xgboost.ubj" : "xgboost.model"
    }
}
