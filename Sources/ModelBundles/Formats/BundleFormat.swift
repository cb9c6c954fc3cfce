/// How a bundle's model is written. The raw values are what `ormbfile.yaml` calls the formats; their case counts.
///
/// Source: ORMB, `pkg/model/format.go`, for the first fifteen.
package enum BundleFormat: String, Sendable, Hashable, CaseIterable {
    case savedModel = "SavedModel"
    case onnx = "ONNX"
    case h5 = "H5"
    case pmml = "PMML"
    case caffeModel = "CaffeModel"
    case netDef = "NetDef"
    case mxNetParams = "MXNetParams"
    case torchScript = "TorchScript"
    case graphDef = "GraphDef"
    case tensorRT = "TensorRT"
    case skLearn = "SKLearn"
    case xgboost = "XGBoost"
    case mlflow = "MLflow"
    case pickle = "Pickle"
    /// Anything: nothing is checked.
    case others = "Others"

    // Not known to ORMB, whose program pulls and exports them all the same.
    case safetensors = "Safetensors"
    case gguf = "GGUF"
    /// Keras 3: one `.keras`.
    case keras = "Keras"
    case openVINO = "OpenVINO"

    /// Whether ORMB's own program saves models of this format.
    package var isORMBs: Bool { ![.safetensors, .gguf, .keras, .openVINO].contains(self) }

    /// What the model was made with, where the format tells.
    var framework: String? {
        switch self {
        case .savedModel, .graphDef: "TensorFlow"
        case .h5, .keras: "Keras"
        case .caffeModel: "Caffe"
        case .netDef: "Caffe2"
        case .mxNetParams: "MXNet"
        case .torchScript: "PyTorch"
        case .tensorRT: "TensorRT"
        case .skLearn: "scikit-learn"
        case .xgboost: "XGBoost"
        case .openVINO: "OpenVINO"
        case .onnx, .pmml, .mlflow, .pickle, .others, .safetensors, .gguf: nil
        }
    }
}
