import FileSystem
import JSON
package import SystemPackage

/// Recognises what an artifact holds.
package enum ModelInspector {
    /// Reads an artifact's manifests: GPPI (`odahuflow.project.yaml`) or an MLflow model (`MLmodel`), at the root, one
    /// level down, or the same in an only top directory. Where there is none: a model laid out for Triton, or a model
    /// file by itself, at the root or in the only top directory.
    ///
    /// A GPPI that wraps an MLflow model is one model, the GPPI.
    ///
    /// - Parameters:
    ///   - root: the unpacked artifact, whose links have been found to stay within it.
    ///   - files: every file of it.
    ///   - fallbackName: the model's name where the artifact says none (MLflow, files): the artifact's own.
    /// - Throws: ``ModelError``.
    package static func inspect(root: FilePath, files: [ModelFile], fallbackName: String) async throws -> TrainedModel {
        try await blocking {
            let artifact = Artifact(root: root)
            let files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
            return switch try find(in: artifact) {
            case .gppi(let manifest): try gppi(artifact, manifest: manifest, files: files)
            case .mlflow(let directory):
                try mlflow(artifact, directory: directory, files: files, fallbackName: fallbackName)
            case .triton(let layout):
                try triton(artifact, layout, files: files, fallbackName: fallbackName)
            case .file(let part):
                try file(artifact, part: part, files: files, fallbackName: fallbackName)
            }
        }
    }

    private enum Finding {
        case gppi(manifest: String)
        case mlflow(directory: String)
        case triton(TritonLayout)
        case file(ModelPart)
    }

    private static func find(in artifact: Artifact) throws -> Finding {
        let directories = try candidates(in: artifact)
        let manifests = directories.flatMap { directory in
            flatManifest(in: directory, artifact) != nil
                ? []
                : ["odahuflow.project.yaml", "odahuflow.project.yml"].map { join(directory, $0) }
                    .filter(artifact.isFile)
        }
        let models = directories.filter { artifact.isFile(join($0, "MLmodel")) }
        // What lies below a model belongs to it.
        let outermost = models.filter { model in !models.contains { $0 != model && isBelow(model, $0) } }
        let wrapping = manifests.map { workDirectory(of: $0, artifact) }
        let apart = outermost.filter { model in !wrapping.contains { isBelow(model, $0) } }
        let found = manifests + apart.map { join($0, "MLmodel") }
        guard found.count <= 1 else {
            let list = found.map { "\"\($0)\"" }.joined(separator: " and ")
            throw ModelError(.ambiguous, nil, "the artifact holds more than one model: \(list); pack one of them alone")
        }
        if let manifest = manifests.first { return .gppi(manifest: manifest) }
        if let model = apart.first { return .mlflow(directory: model) }
        return try findWithoutManifest(in: artifact)
    }

    private static func findWithoutManifest(in artifact: Artifact) throws -> Finding {
        let names = try artifact.names(in: "")
        let directories = names.count == 1 && artifact.isDirectory(names[0]) ? ["", names[0]] : [""]
        if let layout = try tritonLayout(in: directories, artifact) { return .triton(layout) }
        for directory in directories {
            let parts = try modelFiles(in: directory, artifact)
            if parts.count > 1 {
                let list = parts.prefix(8).map { "\"\($0.path)\"" }.joined(separator: " and ")
                throw ModelError(
                    .ambiguous,
                    nil,
                    "the artifact holds more than one model: \(list); pack one of them alone, or name it model"
                )
            }
            if let part = parts.first { return .file(part) }
        }
        throw try notRecognized(artifact)
    }

    /// Where a GPPI keeps its model; all of its directory when the manifest is too broken to tell (which is said later).
    private static func workDirectory(of manifest: String, _ artifact: Artifact) -> String {
        let written = (try? artifact.document(manifest, .manifest))?["model"]?["workDir"]?.stringValue
        return written.flatMap { Artifact.path($0, below: parent(manifest)) } ?? parent(manifest)
    }

    /// The root and its directories; with a single top directory, that one's directories too.
    private static func candidates(in artifact: Artifact) throws -> [String] {
        func subdirectories(_ directory: String) throws -> [String] {
            try artifact.names(in: directory).map { join(directory, $0) }.filter {
                artifact.root.appending($0).isDirectory
            }
        }
        let tops = try subdirectories("")
        guard try artifact.names(in: "").count == 1, let top = tops.first else { return [""] + tops }
        return ["", top] + (try subdirectories(top))
    }

    private static func notRecognized(_ artifact: Artifact) throws -> ModelError {
        let names = try artifact.names(in: "")
        let list = names.prefix(12).map { artifact.isDirectory($0) ? $0 + "/" : $0 }.joined(separator: ", ")
        let found =
            names.isEmpty
            ? "it is empty" : "at its top are: \(list)\(names.count > 12 ? " and \(names.count - 12) more" : "")"
        return ModelError(
            .notRecognized,
            nil,
            """
            the artifact holds no model that is known here: neither odahuflow.project.yaml (GPPI) nor MLmodel (MLflow), \
            and no file of ONNX, TensorFlow, TorchScript, torch.export, OpenVINO, scikit-learn, XGBoost or LightGBM at its \
            top; \(found)
            """
        )
    }

    static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : directory + "/" + name
    }

    /// The directory of a file; "" for the root.
    static func parent(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    private static func isBelow(_ path: String, _ directory: String) -> Bool {
        directory.isEmpty || path == directory || path.hasPrefix(directory + "/")
    }
}
