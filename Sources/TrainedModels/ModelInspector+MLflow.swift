import JSON

extension ModelInspector {
    /// Reads an MLflow model directory of any flavour that `mlflow.pyfunc` loads.
    ///
    /// Name and version are those of the registry the model came from (`registered_model_meta`), else what its own
    /// metadata say, else the fallback and "1". The UUID is no version: it would give every training a name of its own.
    static func mlflow(
        _ artifact: Artifact,
        directory: String,
        files: [ModelFile],
        fallbackName: String
    ) throws -> TrainedModel {
        let path = join(directory, "MLmodel")
        let document = try artifact.document(path, .manifest)
        guard let flavors = document["flavors"]?.objectValue, !flavors.isEmpty else {
            throw ModelError(.manifest, path, "flavors is not set or no mapping; save the model with mlflow again")
        }
        let names = flavors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard let function = flavors["python_function"] else {
            throw ModelError(
                .manifest,
                path,
                "flavors has no python_function, only \(names.joined(separator: ", ")); save the model with a flavour that pyfunc loads"
            )
        }
        let registration = join(directory, "registered_model_meta")
        let registered = artifact.isFile(registration) ? try artifact.document(registration, .manifest) : .null
        let metadata = document["metadata"] ?? .null
        func first(_ values: JSONValue?...) -> String? {
            values.lazy.compactMap { $0?.stringValue }.first { !$0.isEmpty }
        }
        return TrainedModel(
            name: first(registered["model_name"], metadata["model_name"], metadata["name"]) ?? fallbackName,
            version: first(registered["model_version"], metadata["model_version"], metadata["version"]) ?? "1",
            kind: .mlflow(directory: directory, flavors: names),
            files: files,
            environment: try environment(artifact, directory: directory, function: function, path),
            signature: try ModelSignature(mlmodel: document, path: path),
            parts: try parts(of: flavors, directory: directory, artifact)
        )
    }

    /// The file of the ONNX flavour, and that of PyTorch's where it is TorchScript or `torch.export` and not a pickle.
    private static func parts(of flavors: [String: JSONValue], directory: String, _ artifact: Artifact) throws
        -> [ModelPart]
    {
        var paths: [String] = []
        if let data = flavors["onnx"]?["data"]?.stringValue { paths.append(data) }
        if let data = flavors["pytorch"]?["model_data"]?.stringValue {
            paths += ["model.pth", "model.pt", "model.pt2"].map { join(data, $0) }
        }
        let formats: Set<ModelFormat> = [.onnx, .torchScript, .torchExport]
        return try paths.compactMap { Artifact.path($0, below: directory) }
            .compactMap { try artifact.part(at: $0) }.filter { formats.contains($0.format) }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// MLflow's own order: `python_env.yaml`, then `conda.yaml`, then `requirements.txt` alone; the first that is there
    /// counts. The flavour's `python_version` fills in where that one names no Python.
    private static func environment(
        _ artifact: Artifact,
        directory: String,
        function: JSONValue,
        _ manifest: String
    ) throws -> EnvironmentRequirements? {
        let env = function["env"]
        func file(_ named: String?, _ usual: String) throws -> String? {
            guard let path = Artifact.path(named ?? usual, below: directory) else {
                throw ModelError(
                    .manifest,
                    manifest,
                    "flavors.python_function.env names \"\(named ?? "")\", which leads out of the model"
                )
            }
            if artifact.isFile(path) { return path }
            guard named == nil else {
                throw ModelError(
                    .missingFile,
                    manifest,
                    "flavors.python_function.env names \"\(path)\", and the artifact has no such file"
                )
            }
            return nil
        }
        var environment: EnvironmentRequirements?
        if let path = try file(env?["virtualenv"]?.stringValue, "python_env.yaml") {
            environment = try EnvironmentRequirements(pythonEnvironment: path, artifact)
        } else if let path = try file(env?["conda"]?.stringValue ?? env?.stringValue, "conda.yaml") {
            environment = try CondaEnvironment(artifact, path: path).requirements
        } else if let path = try file(nil, "requirements.txt") {
            var reader = RequirementsReader(artifact)
            try reader.read(file: path)
            environment = reader.requirements(pythonVersion: nil)
        }
        if environment?.pythonVersion == nil, let version = function["python_version"]?.stringValue {
            environment = environment ?? EnvironmentRequirements(pythonVersion: nil, requirements: [])
            environment?.pythonVersion = version
        }
        return environment
    }
}

extension EnvironmentRequirements {
    /// Reads `python_env.yaml`: `python`, `build_dependencies` (of no use at run time) and `dependencies`.
    init(pythonEnvironment path: String, _ artifact: Artifact) throws {
        let document = try artifact.document(path, .environment)
        guard document.objectValue != nil else { throw ModelError(.environment, path, "it is not a mapping") }
        var reader = RequirementsReader(artifact)
        for entry in document["dependencies"]?.arrayValue ?? [] {
            guard let line = entry.stringValue else {
                throw ModelError(.environment, path, "dependencies has an entry that is not a string")
            }
            try reader.read(line: line, of: path)
        }
        self = reader.requirements(pythonVersion: document["python"]?.stringValue)
    }
}
