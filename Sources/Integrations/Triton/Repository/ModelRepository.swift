import ImageAssembler
import ModelRuntime
import TrainedModels

/// The model repository of an image: a directory for each model, with its `config.pbtxt` and its version's directory,
/// which is a link into the artifact wherever it can be.
struct ModelRepository {
    private(set) var files: [RecipeFile] = []
    /// Those that serve the models, or the platforms where the server picks the backend.
    private(set) var backends: Set<String> = []
    /// Whether a model runs in the Python backend in an environment of its own.
    private(set) var usesEnvironment = false
    /// Whether the model is code that the wrapper calls.
    private(set) var usesWrapper = false
    /// Whether the artifact has a program of its own for the Python backend's processes, for another Python than the
    /// server's. Triton's name for it is `triton_python_backend_stub`.
    private(set) var bringsStub = false

    private let model: TrainedModel
    private let arguments: ModelArguments
    private let version: String

    /// - Throws: ``TritonError`` for a model that no backend serves, or a configuration that is wrong or incomplete.
    init(_ model: TrainedModel, arguments: ModelArguments) throws {
        self.model = model
        self.arguments = arguments
        version = try Self.version(of: model)
        let parts = Self.servable(model, arguments)
        if parts.isEmpty {
            guard try addWrapped() else {
                throw TritonError(.incompatible, "the artifact has no file that a backend of Triton reads")
            }
            return
        }
        var names: Set<String> = []
        for part in parts {
            let name = try directoryName(part.name ?? model.name)
            guard names.insert(name).inserted else {
                throw TritonError(.configuration, "two models of the artifact have the name \"\(name)\"; rename one")
            }
            try add(part, name: name, isOnly: parts.count == 1)
        }
    }

    /// The parts that backends read as they are. Models that are code have none, but for MLflow's ONNX and TorchScript.
    private static func servable(_ model: TrainedModel, _ arguments: ModelArguments) -> [ModelPart] {
        switch model.kind {
        case .gppi: []
        // The shared package loads what no backend reads, such as pickles.
        case .file: model.parts.filter { $0.format.serving(path: $0.path) != nil }
        case .triton: model.parts
        case .mlflow:
            model.parts.filter { part in
                switch part.format {
                case .onnx: true
                case .torchScript:
                    part.configuration != nil || arguments.inputs != nil && arguments.outputs != nil
                default: false
                }
            }
            .prefix(1).map(\.self)
        }
    }

    private mutating func add(_ part: ModelPart, name: String, isOnly: Bool) throws {
        let components = part.path.split(separator: "/").map(String.init)
        var completion = ConfigurationCompletion(
            name: name,
            format: part.format,
            path: part.path,
            fileName: part.format == .ensemble ? nil : components.last,
            signature: part.signature ?? (isOnly ? model.signature : nil),
            traits: part.traits,
            arguments: isOnly || part.configuration == nil ? arguments : ModelArguments()
        )
        if part.format == .python, model.environment != nil {
            completion.parameters["EXECUTION_ENV_PATH"] = PythonPaths.environment
            usesEnvironment = true
        }
        let result = try completion.result(given: part.configuration)
        backends.insert(
            result.configuration.backend.isEmpty ? result.configuration.platform : result.configuration.backend
        )
        let directory = "\(Triton.repositoryRoot)/\(name)"
        files.append(.text("\(directory)/config.pbtxt", result.text))
        if part.format == .ensemble {
            // The server wants the directory, and a layer of files has none that are empty.
            files.append(.text("\(directory)/\(version)/.keep", ""))
        } else {
            let folder = components.dropLast().joined(separator: "/")
            files.append(.link("\(directory)/\(version)", to: Self.target(folder)))
            try addBeside(folder, directory: directory, result.configuration)
        }
    }

    /// What the server looks for beside `config.pbtxt`: labels, the Python backend's program, and the data of warm-ups and states.
    private mutating func addBeside(_ folder: String, directory: String, _ configuration: ModelConfiguration) throws {
        func path(_ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }
        var names = Set(configuration.outputs.map(\.labelFilename)).subtracting([""])
        if configuration.backend == "python" { names.insert("triton_python_backend_stub") }
        if !configuration.warmups.isEmpty { names.insert("warmup") }
        if configuration.sequenceBatching != nil { names.insert("initial_state") }
        let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
        for name in names.sorted() {
            // Beside the file, or a level up where the artifact itself is laid out as a repository.
            let places = [path(name)] + (folder.isEmpty ? [] : [parent.isEmpty ? name : "\(parent)/\(name)"])
            let found = places.first { place in
                model.files.contains { $0.path == place || $0.path.hasPrefix(place + "/") }
            }
            if let found {
                files.append(.link("\(directory)/\(name)", to: Self.target(found)))
                if name == "triton_python_backend_stub" { bringsStub = true }
            } else if configuration.outputs.contains(where: { $0.labelFilename == name }) {
                throw TritonError(
                    .configuration,
                    "config.pbtxt names the label file \"\(name)\", and the artifact has no such file beside the model"
                )
            }
        }
    }

    /// A model that is code, in the Python backend behind the wrapper. False for any other kind.
    private mutating func addWrapped() throws -> Bool {
        let path: String
        switch model.kind {
        case .gppi(let workDirectory, _): path = workDirectory
        case .mlflow(let directory, _): path = directory.isEmpty ? "MLmodel" : directory
        case .file:
            guard let part = model.parts.first, model.parts.count == 1 else { return false }
            path = part.path
        case .triton: return false
        }
        let name = try directoryName(model.name)
        let completion = ConfigurationCompletion(
            name: name,
            format: .python,
            path: path,
            fileName: "model.py",
            signature: WrappedSignature.tensors(of: model.signature),
            arguments: arguments,
            parameters: ["EXECUTION_ENV_PATH": PythonPaths.environment]
        )
        let directory = "\(Triton.repositoryRoot)/\(name)"
        files = [
            .text("\(directory)/config.pbtxt", try completion.result(given: nil).text),
            .link("\(directory)/\(version)/model.py", to: "/\(ModelRuntime.root)/packager_triton.py"),
        ]
        backends = ["python"]
        (usesEnvironment, usesWrapper) = (true, true)
        return true
    }

    private static func target(_ path: String) -> String {
        path.isEmpty ? "/\(Triton.modelRoot)" : "/\(Triton.modelRoot)/\(path)"
    }

    /// ODAHU's rule: a number as it is, else all digits of the version; other kinds of models fall back to 1.
    private static func version(of model: TrainedModel) throws -> String {
        let digits = model.version.filter { $0.isASCII && $0.isNumber }.drop { $0 == "0" }
        if !digits.isEmpty, Int64(digits) != nil { return String(digits) }
        guard model.kind == .triton, digits.isEmpty else { return "1" }
        throw TritonError(
            .configuration,
            "Model version must be numeric: \"\(model.version)\" has no digit but 0; set version to 1 or higher"
        )
    }

    /// A name as a directory and a segment of a URL. Triton's own models are refused by another, since clients use it.
    private func directoryName(_ name: String) throws -> String {
        func isValid(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "-_.".unicodeScalars.contains(scalar)
        }
        let isDirectory = !name.isEmpty && name.unicodeScalars.allSatisfy(isValid) && !name.hasPrefix(".")
        if isDirectory { return name }
        guard model.kind != .triton else {
            throw TritonError(
                .configuration,
                "Model name must be valid URL path segment: \"\(name)\" has more than letters, digits, -, _ and ."
            )
        }
        let mapped = String(String.UnicodeScalarView(name.unicodeScalars.map { isValid($0) ? $0 : "-" }))
        let trimmed = mapped.drop { $0 == "." || $0 == "-" }
        return trimmed.isEmpty ? "model" : String(trimmed)
    }
}
