import Archive
import FileSystem
package import SystemPackage

extension ModelInspector {
    /// Whether a file is a model by itself, though it may be a zip: TorchScript, ONNX, skops and the like.
    ///
    /// False too for one that cannot be read as what its first bytes promise.
    package static func isModelFile(_ path: FilePath) async throws -> Bool {
        try await blocking {
            let name = path.lastComponent?.string ?? ""
            guard try FileIdentity(of: path).isRegularFile else { return false }
            let artifact = Artifact(root: path.removingLastComponent())
            return ((try? artifact.format(of: BlockFile(path, name: name))) ?? nil) != nil
        }
    }

    /// The model files in a directory, or the directory itself where that is a SavedModel.
    ///
    /// Of several, the only one that is named `model` counts.
    static func modelFiles(in directory: String, _ artifact: Artifact) throws -> [ModelPart] {
        if let part = try artifact.part(at: directory) { return [part] }
        let parts = try artifact.names(in: directory).compactMap { try artifact.part(at: join(directory, $0)) }
        let named = parts.filter { part in
            part.path.split(separator: "/").last.map { $0.split(separator: ".").first == "model" } ?? false
        }
        return named.count == 1 ? named : parts
    }

    /// A model file that says itself what it is: named as the artifact, version 1.
    static func file(_ artifact: Artifact, part: ModelPart, files: [ModelFile], fallbackName: String) throws
        -> TrainedModel
    {
        let environment =
            try environment(beside: parent(part.path), artifact) ?? environment(of: part, artifact)
        return TrainedModel(
            name: fallbackName,
            version: "1",
            kind: .file,
            files: files,
            environment: environment,
            signature: part.signature,
            parts: [part]
        )
    }

    /// `python_env.yaml`, `conda.yaml` or `requirements.txt` in a directory; the first that is there counts.
    static func environment(beside directory: String, _ artifact: Artifact) throws -> EnvironmentRequirements? {
        func file(_ names: String...) -> String? { names.map { join(directory, $0) }.first(where: artifact.isFile) }
        if let path = file("python_env.yaml") { return try EnvironmentRequirements(pythonEnvironment: path, artifact) }
        if let path = file("conda.yaml", "conda.yml") { return try CondaEnvironment(artifact, path: path).requirements }
        guard let path = file("requirements.txt") else { return nil }
        var reader = RequirementsReader(artifact)
        try reader.read(file: path)
        return reader.requirements(pythonVersion: nil)
    }

    /// What scikit-learn wrote down in the file itself; nil for other formats and where it wrote nothing.
    private static func environment(of part: ModelPart, _ artifact: Artifact) throws -> EnvironmentRequirements? {
        let file = artifact.root.appending(part.path)
        let version: String?
        var others: [String] = []
        switch part.format {
        case .pickle:
            let pickle = try PickledModel(try BlockFile(file, name: part.path))
            version = pickle.scikitLearnVersion
            if pickle.usesJoblib || part.path.hasSuffix(".joblib") { others = ["joblib"] }
            // The one compression of joblib's that Python does not bring along.
            if pickle.compression == .lz4 { others.append("lz4") }
        case .skops:
            let versions = try SkopsModel.versions(try ZipMembers(file, name: part.path))
            version = versions.scikitLearn
            others = [versions.skops.map { "skops>=\($0)" } ?? "skops"]
        default: return nil
        }
        guard let version else { return nil }
        return EnvironmentRequirements(
            pythonVersion: nil,
            requirements: ["scikit-learn==\(version)"] + others,
            constraints: isBuiltForNumPy1(version) ? ["numpy<2"] : [],
            notes: ["\(part.path) was written by scikit-learn \(version), which is what its image gets."]
        )
    }

    /// Wheels of scikit-learn before 1.4.2 do not work with NumPy 2 and do not say so.
    private static func isBuiltForNumPy1(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").prefix(3).map { Int($0.prefix { $0.isASCII && $0.isNumber }) ?? 0 }
        return numbers.lexicographicallyPrecedes([1, 4, 2])
    }
}
