import JSON

extension ModelInspector {
    /// A model laid out for Triton: ODAHU's flat directory, or a repository of several.
    enum TritonLayout {
        /// `model.onnx` and the like, `config.pbtxt` and a flat manifest, beside each other.
        case flat(directory: String, manifest: String?)
        /// Directories of models with numbered versions.
        case repository(directory: String, models: [String])
    }

    /// Files by their name in the order in which ODAHU's packager looks for them; ours follow.
    private static let tritonNames: [(name: String, format: ModelFormat)] = [
        ("model.py", .python), ("model.plan", .tensorRTPlan), ("model.savedmodel", .savedModel),
        ("model.graphdef", .graphDef), ("model.onnx", .onnx), ("model.pt", .torchScript), ("model.pt2", .torchExport),
        ("model.xml", .openVINO), ("xgboost.model", .xgboost), ("xgboost.json", .xgboost), ("xgboost.ubj", .xgboost),
        ("model.txt", .lightgbm), ("checkpoint.tl", .treelite),
    ]

    static func tritonLayout(in directories: [String], _ artifact: Artifact) throws -> TritonLayout? {
        for directory in directories {
            if let manifest = flatManifest(in: directory, artifact) {
                return .flat(directory: directory, manifest: manifest)
            }
            let isConfigured = artifact.isFile(join(directory, "config.pbtxt"))
            if isConfigured || artifact.isFile(join(directory, "model.py")), !isNumbered(directory, artifact) {
                return .flat(directory: directory, manifest: nil)
            }
            let models = try artifact.names(in: directory).map { join(directory, $0) }
                .filter { artifact.isDirectory($0) && isRepositoryModel($0, artifact) }
            if !models.isEmpty { return .repository(directory: directory, models: models) }
        }
        return nil
    }

    /// `odahuflow.project.yaml` with a name and version at its top, unlike GPPI's; `odahuflow.model.yaml` is always one.
    static func flatManifest(in directory: String, _ artifact: Artifact) -> String? {
        let names = ["odahuflow.project.yaml", "odahuflow.project.yml", "odahuflow.model.yaml", "odahuflow.model.yml"]
        return names.map { join(directory, $0) }.first { path in
            guard artifact.isFile(path) else { return false }
            guard path.contains("odahuflow.project") else { return true }
            guard let document = try? artifact.document(path, .manifest) else { return false }
            return document["model"] == nil && document["binaries"] == nil
                && (document["name"] != nil || document["version"] != nil)
        }
    }

    static func triton(_ artifact: Artifact, _ layout: TritonLayout, files: [ModelFile], fallbackName: String) throws
        -> TrainedModel
    {
        switch layout {
        case .flat(let directory, let manifest):
            let (name, version) = try manifest.map { try nameAndVersion($0, artifact) } ?? ("model", "1")
            let part = try tritonPart(in: directory, configuration: join(directory, "config.pbtxt"), artifact)
            guard let part else { throw noBackend(directory, artifact) }
            return TrainedModel(
                name: name,
                version: version,
                kind: .triton,
                files: files,
                environment: try environment(beside: directory, artifact),
                signature: part.signature,
                parts: [part]
            )
        case .repository(let directory, let models):
            let found = try models.map { try repositoryPart($0, artifact) }
            var environment = try environment(beside: directory, artifact)
            let notes = found.compactMap(\.note)
            if !notes.isEmpty {
                environment = environment ?? EnvironmentRequirements(pythonVersion: nil, requirements: [])
                environment?.notes += notes
            }
            return TrainedModel(
                name: fallbackName,
                version: "1",
                kind: .triton,
                files: files,
                environment: environment,
                signature: nil,
                parts: found.map(\.part).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
            )
        }
    }

    /// One model of a repository: the file in its latest version.
    private static func repositoryPart(_ directory: String, _ artifact: Artifact) throws -> (
        part: ModelPart, note: String?
    ) {
        let name = String(directory.split(separator: "/").last ?? "")
        let configuration = join(directory, "config.pbtxt")
        let versions = try versions(of: directory, artifact)
        if isEnsemble(directory, artifact) {
            let text = try artifact.text(configuration, .manifest)
            return (ModelPart(name: name, format: .ensemble, path: directory, configuration: text), nil)
        }
        guard let version = versions.last else { throw noBackend(directory, artifact) }
        let latest = join(directory, "\(version)")
        guard var part = try tritonPart(in: latest, configuration: configuration, artifact) else {
            throw noBackend(latest, artifact)
        }
        part.name = name
        let older = versions.dropLast().map { "\($0)" }.joined(separator: ", ")
        return (part, older.isEmpty ? nil : "\(directory) has several versions: \(version) is served, \(older) not.")
    }

    /// The model in a directory by the name that Triton expects, or that `default_model_filename` gives it.
    private static func tritonPart(in directory: String, configuration: String, _ artifact: Artifact) throws
        -> ModelPart?
    {
        let text = artifact.isFile(configuration) ? try artifact.text(configuration, .manifest) : nil
        var candidates = tritonNames
        if let text, let named = value(of: "default_model_filename", in: text) {
            guard let path = Artifact.path(named) else {
                throw ModelError(.manifest, configuration, "default_model_filename \"\(named)\" leads out of the model")
            }
            let format: ModelFormat = named.hasSuffix(".py") ? .python : .onnx
            candidates.insert((path, format), at: 0)
        }
        for (name, format) in candidates {
            let path = join(directory, name)
            guard artifact.isFile(path) || artifact.isDirectory(path) else { continue }
            var part =
                format == .python
                ? ModelPart(.python, path, ModelHeader(problem: "model.py declares its tensors when it runs"))
                : try artifact.part(at: path)
                    ?? ModelPart(format, path, ModelHeader(problem: "the file's header is not known here"))
            part.configuration = text
            return part
        }
        return nil
    }

    /// Flat `name` and `version` under the rules of ODAHU's packager. A version is reduced to its digits, since Triton's
    /// are numbers.
    private static func nameAndVersion(_ path: String, _ artifact: Artifact) throws -> (String, String) {
        let document = try artifact.document(path, .manifest)
        guard document.objectValue != nil else { throw ModelError(.manifest, path, "it is not a mapping") }
        func text(_ field: String) throws -> String {
            guard let text = document[field]?.stringValue, !text.isEmpty else {
                throw ModelError(.manifest, path, "\(field) is not set or no string; add it")
            }
            return text
        }
        let name = try text("name")
        let version = try text("version")
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/.-_".contains($0)) }) else {
            throw ModelError(
                .manifest,
                path,
                "Model name must be valid URL path segment: \"\(name)\" may have letters, digits and /.-_"
            )
        }
        let digits = version.filter { $0.isASCII && $0.isNumber }.drop { $0 == "0" }
        guard !digits.isEmpty else {
            throw ModelError(
                .manifest,
                path,
                "Model version must be numeric: \"\(version)\" has no digit but 0, and Triton counts from 1"
            )
        }
        return (name, String(digits))
    }

    private static func noBackend(_ directory: String, _ artifact: Artifact) -> ModelError {
        let isCaffe = artifact.isFile(join(directory, "model.netdef"))
        let known = tritonNames.map(\.name).joined(separator: ", ")
        return ModelError(
            .notRecognized,
            directory.isEmpty ? nil : directory,
            isCaffe
                ? "model.netdef needs the Caffe2 backend, which Triton has not had since 20.11; convert the model to ONNX"
                : "No Triton backend suits for provided model. Make sure to name model file properly: one of \(known)"
        )
    }

    private static func isRepositoryModel(_ directory: String, _ artifact: Artifact) -> Bool {
        if isEnsemble(directory, artifact) { return true }
        guard let latest = (try? versions(of: directory, artifact))?.last else { return false }
        if artifact.isFile(join(directory, "config.pbtxt")) { return true }
        let version = join(directory, "\(latest)")
        return tritonNames.contains { name, _ in
            let path = join(version, name)
            return artifact.isFile(path) || artifact.isDirectory(path)
        }
    }

    private static func isNumbered(_ directory: String, _ artifact: Artifact) -> Bool {
        !((try? versions(of: directory, artifact)) ?? []).isEmpty
    }

    private static func isEnsemble(_ directory: String, _ artifact: Artifact) -> Bool {
        let path = join(directory, "config.pbtxt")
        guard artifact.isFile(path), let text = try? artifact.text(path, .manifest) else { return false }
        return value(of: "platform", in: text) == "ensemble"
    }

    /// Numbered directories, the latest last; a number does not begin with 0.
    private static func versions(of directory: String, _ artifact: Artifact) throws -> [Int64] {
        try artifact.names(in: directory)
            .filter { $0.allSatisfy { $0.isASCII && $0.isNumber } && artifact.isDirectory(join(directory, $0)) }
            .compactMap { $0.hasPrefix("0") ? nil : Int64($0) }.sorted()
    }

    /// The value of a top-level string field of a `config.pbtxt`, as far as looking at lines tells.
    static func value(of field: String, in text: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            guard line.hasPrefix(field) else { continue }
            let value = line.dropFirst(field.count).trimmed
            guard value.hasPrefix(":") else { continue }
            let quoted = value.dropFirst().trimmed
            guard let quote = quoted.first, quote == "\"" || quote == "'" else { continue }
            return String(quoted.dropFirst().prefix { $0 != quote })
        }
        return nil
    }
}
