import Archive
import FileSystem
import SystemPackage
import TrainedModels

/// What the model's own files say of it.
package struct ModelFacts: Sendable, Hashable {
    package var framework: String?
    package var signature: BundleMetadata.Signature?
    package var tensors: TensorFacts?

    /// Reads headers only, and of the files that belong to the format.
    ///
    /// - Throws: ``BundleError`` `damagedFile` for weights that are cut off, shards that are missing, and files that are
    ///   something else than their names say.
    static func read(_ tree: ModelTree, in root: FilePath, format: BundleFormat) async throws -> ModelFacts {
        var facts = ModelFacts(framework: format.framework)
        facts.tensors = try await blocking {
            try ShardSet.check(tree)
            try check(tree, format)
            return try tensors(of: tree)
        }
        // It knows exactly what it reads; a model that it does not know is none the worse for it.
        let files = tree.files.map { ModelFile(path: $0.path, size: $0.identity.size) }
        guard format.isKnownToInspector,
            let model = try? await ModelInspector.inspect(root: root, files: files, fallbackName: "model")
        else { return facts }
        facts.framework = facts.framework ?? framework(of: model)
        facts.signature = (model.signature ?? model.parts.first?.signature).map(BundleMetadata.Signature.init)
        return facts
    }

    /// Refuses what lies in place of a model when a download went wrong.
    private static func check(_ tree: ModelTree, _ format: BundleFormat) throws {
        let requirements = FormatRule.of(format).requirements
        for file in tree.files {
            let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            guard requirements.contains(where: { $0.matches(name) }) else { continue }
            guard case .unknown(let what) = try ArchiveFormat.detect(file.location),
                ["an HTML page", "a Git LFS"].contains(where: what.hasPrefix)
            else { continue }
            throw BundleError(.damagedFile, "\(file.path) is \(what), no model of the format \(format.rawValue)")
        }
    }

    private static func tensors(of tree: ModelTree) throws -> TensorFacts? {
        var all: TensorFacts?
        for file in tree.files {
            let facts: TensorFacts?
            if file.path.hasSuffix(".safetensors") {
                facts = try SafetensorsHeader.facts(of: file.location, name: file.path)
            } else if file.path.hasSuffix(".gguf") {
                facts = try GGUFHeader.facts(of: file.location, name: file.path)
            } else {
                continue
            }
            guard let facts else { continue }
            all = all ?? TensorFacts()
            all?.merge(facts)
        }
        return all
    }

    private static func framework(of model: TrainedModel) -> String? {
        if case .mlflow(_, let flavors) = model.kind {
            let known = [
                "sklearn": "scikit-learn", "xgboost": "XGBoost", "lightgbm": "LightGBM", "pytorch": "PyTorch",
                "tensorflow": "TensorFlow", "keras": "Keras", "onnx": "ONNX", "spark": "Spark MLlib",
                "transformers": "Transformers",
            ]
            return flavors.lazy.compactMap { known[$0] }.first
        }
        return switch model.parts.first?.format {
        case .savedModel, .graphDef: "TensorFlow"
        case .torchScript, .torchExport: "PyTorch"
        case .pickle, .skops: "scikit-learn"
        case .xgboost: "XGBoost"
        case .lightgbm: "LightGBM"
        case .openVINO: "OpenVINO"
        default: nil
        }
    }
}

extension BundleFormat {
    /// Pickles are read to their end for what the format says anyway.
    fileprivate var isKnownToInspector: Bool {
        switch self {
        case .savedModel, .onnx, .torchScript, .graphDef, .xgboost, .mlflow, .openVINO: true
        default: false
        }
    }
}

extension BundleMetadata.Signature {
    init(_ signature: ModelSignature) {
        func tensors(_ fields: [ModelSignature.Field]) -> [BundleMetadata.Tensor] {
            fields.map { field in
                BundleMetadata.Tensor(
                    name: field.name ?? "",
                    size: (field.shape ?? []).map { Int64($0) },
                    dType: field.type.isEmpty ? nil : field.type
                )
            }
        }
        self.init(inputs: tensors(signature.inputs), outputs: tensors(signature.outputs))
    }
}
