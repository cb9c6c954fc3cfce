/// A model file, or a directory that is one, which a runtime loads by itself.
package struct ModelPart: Sendable, Hashable, Codable {
    /// The name it goes by in an artifact of several; nil for the artifact's own.
    package var name: String?
    package var format: ModelFormat
    /// Of the file or directory, relative to the artifact's root; "" for the root itself.
    package var path: String
    /// What the file's header declares, with NumPy's names of types (`float32`; `object` for strings) and -1 for any
    /// length; nil where it declares nothing.
    package var signature: ModelSignature?
    /// Numbers from the header that decide which runtime reads the file, such as `opset` and `ir` of ONNX.
    package var traits: [String: Int]
    /// The text of the `config.pbtxt` beside it.
    package var configuration: String?
    /// Why the signature is not one that a server of tensors could offer, and what to do about it; nil when nothing
    /// is wrong with it. Whoever needs the signature throws this.
    package var problem: String?

    package init(
        name: String? = nil,
        format: ModelFormat,
        path: String,
        signature: ModelSignature? = nil,
        traits: [String: Int] = [:],
        configuration: String? = nil,
        problem: String? = nil
    ) {
        self.name = name
        self.format = format
        self.path = path
        self.signature = signature
        self.traits = traits
        self.configuration = configuration
        self.problem = problem
    }
}

/// How a model file is written.
package enum ModelFormat: String, Sendable, Hashable, Codable, CaseIterable {
    case onnx
    /// A directory with `saved_model.pb`.
    case savedModel = "savedmodel"
    /// TensorFlow's frozen graph.
    case graphDef = "graphdef"
    /// PyTorch, traced or scripted: `.pt`.
    case torchScript = "torchscript"
    /// PyTorch, `torch.export` or compiled ahead of time: `.pt2`.
    case torchExport = "torchexport"
    /// `model.xml` with `model.bin` beside it.
    case openVINO = "openvino"
    case tensorRTPlan = "plan"
    /// Triton's Python backend: `model.py`.
    case python
    /// scikit-learn in a pickle, `.pkl` or `.joblib`.
    case pickle
    /// scikit-learn, `.skops`.
    case skops
    case xgboost
    case lightgbm
    case treelite
    /// Triton's ensemble of other models: it has no file.
    case ensemble
}
