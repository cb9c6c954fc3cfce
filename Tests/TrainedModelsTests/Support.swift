import FileSystem
import SystemPackage
import TrainedModels

/// Files by their paths; a path that ends in "/" is a directory.
typealias Fixture = [String: String]

/// Writes an artifact's files and inspects it under the name "fallback".
func inspect(_ fixture: Fixture) async throws -> TrainedModel {
    try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { root in
        var files: [ModelFile] = []
        for (path, text) in fixture {
            let file = root.appending(path)
            if path.hasSuffix("/") {
                try file.createDirectories()
            } else {
                try file.removingLastComponent().createDirectories()
                try file.writeAtomically(text.utf8)
                files.append(ModelFile(path: path, size: Int64(text.utf8.count)))
            }
        }
        return try await ModelInspector.inspect(root: root, files: files, fallbackName: "fallback")
    }
}

let manifest = """
    binaries: {type: python, dependencies: conda, conda_path: odahuflow_model/conda.yaml}
    model: {name: wine, version: 1.10, workDir: odahuflow_model, entrypoint: entrypoint}
    odahuflowVersion: 1.0
    toolchain: {name: mlflow, version: 1.13.1}
    output: {run_id: 12}
    """

let gppi: Fixture = [
    "odahuflow.project.yaml": manifest,
    "odahuflow_model/entrypoint.py": "def init(): pass",
    "odahuflow_model/conda.yaml": "dependencies: [python=3.11.7, numpy=1.24, {pip: [mlflow==2.9.2]}]",
]

let mlmodel = """
    artifact_path: model
    flavors:
      python_function: {env: {conda: conda.yaml, virtualenv: python_env.yaml}, loader_module: mlflow.sklearn, python_version: 3.10.1}
      sklearn: {sklearn_version: 1.2.2}
    model_uuid: 1f0c
    signature:
      inputs: '[{"name": "a", "type": "double"}, {"type": "long", "name": "b", "required": false}]'
      outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]'
      params: null
    """

extension [String: String] {
    func with(_ path: String, _ text: String?) -> Fixture {
        var copy = self
        copy[path] = text
        return copy
    }

    func below(_ directory: String) -> Fixture {
        Fixture(uniqueKeysWithValues: map { (directory + "/" + $0.key, $0.value) })
    }
}
