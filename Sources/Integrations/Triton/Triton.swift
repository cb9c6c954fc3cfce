package import ImageAssembler
package import JSON
import ModelRuntime
package import OCI
import PackagerCore
import PythonLayers
package import TrainedModels

/// NVIDIA Triton with the model in its repository: links into the artifact beside a `config.pbtxt`.
package struct Triton: Integration {
    /// Where the artifact and the model repository are inside the image.
    static let modelRoot = ModelRuntime.modelRoot
    static let repositoryRoot = "models_repository"

    package init() {}

    package func check(arguments: [String: JSONValue]) throws {
        let arguments = try Arguments(arguments)
        _ = try Self.base(arguments, for: ReleaseNeeds())
    }

    package func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        try recipe(for: model, Arguments(arguments), on: nil)
    }

    package func recipe(for model: TrainedModel, arguments: [String: JSONValue], on base: ImageConfiguration) throws
        -> ImageRecipe
    {
        try recipe(for: model, Arguments(arguments), on: base)
    }

    /// - Parameter configuration: of the base, once it is known.
    private func recipe(for model: TrainedModel, _ arguments: Arguments, on configuration: ImageConfiguration?) throws
        -> ImageRecipe
    {
        // Its backends bring a Python of their own, which Conda's packages are not made for.
        try model.environment?.conda?.requireCounterparts()
        let repository = try ModelRepository(model, arguments: arguments.model)
        let needs = Self.needs(of: model, repository)
        let table = try ReleaseTable.builtIn()
        let base: ImageReference
        let server: BaseServer
        if let configuration, let given = arguments.base {
            (base, server) = (given, BaseServer(given, configuration, table))
            try needs.check(server, table)
        } else {
            base = try Self.base(arguments, for: needs)
            server = BaseServer(base, table)
        }
        let runtime = repository.usesWrapper ? try ModelRuntime(for: model) : nil
        var layers: [LayerRecipe] = []
        if repository.usesEnvironment {
            layers.append(try Self.environment(of: model, runtime, server, isGiven: arguments.base != nil))
        }
        if runtime != nil {
            layers.append(.files(name: "model runtime", ModelRuntime.files))
            layers.append(.files(name: "wrapper", Self.wrapper))
        }
        layers.append(.files(name: "model repository", repository.files))
        layers.append(.artifact(prefix: Self.modelRoot))
        return ImageRecipe(
            base: base,
            layers: layers,
            // The server starts the environment's Python itself, by EXECUTION_ENV_PATH.
            environment: runtime?.variables.filter { $0.key != "PATH" } ?? [:],
            entrypoint: [],
            command: [
                "tritonserver", "--model-repository=/\(Self.repositoryRoot)", "--disable-auto-complete-config",
            ],
            exposedPorts: [8000, 8001, 8002],
            labels: labels(for: model),
            annotations: annotations(for: model)
        )
    }

    private static func needs(of model: TrainedModel, _ repository: ModelRepository) -> ReleaseNeeds {
        var needs = ReleaseNeeds()
        needs.backends = repository.backends
        let onnx = model.parts.filter { $0.format == .onnx && !repository.usesWrapper }
        needs.opset = onnx.compactMap { $0.traits["opset"] }.max() ?? 0
        needs.ir = onnx.compactMap { $0.traits["ir"] }.max() ?? 0
        needs.usesEnvironment = repository.usesEnvironment
        if !repository.bringsStub { needs.python = model.environment?.minorPythonVersion }
        needs.numpyMajor = model.environment.flatMap(numpyMajor)
        return needs
    }

    /// The requirements of the model's other images, so that the layers are theirs; NumPy as the release bears it.
    private static func environment(
        of model: TrainedModel,
        _ runtime: ModelRuntime?,
        _ server: BaseServer,
        isGiven: Bool
    ) throws -> LayerRecipe {
        var requirements = runtime?.environment.requirements ?? model.environment?.requirements ?? []
        var constraints = model.environment?.constraints ?? []
        // The backend's own process imports it.
        if !requirements.contains(where: { EnvironmentRequirements.distributionName($0) == "numpy" }) {
            requirements.append("numpy")
        }
        if let limit = server.contents?.numpyBelow, limit > 0 { constraints.append("numpy<\(limit)") }
        var environment = PythonEnvironment(
            python: model.environment?.minorPythonVersion ?? server.contents?.python,
            requirements: requirements,
            constraints: constraints
        )
        environment.reusesBase = isGiven
        return .generated(kind: PythonEnvironment.kind, parameters: try JSONValue(encoding: environment))
    }

    /// The major version of NumPy that is pinned: `numpy==2.1.0` → 2; nil where it is left open.
    private static func numpyMajor(_ environment: EnvironmentRequirements) -> Int? {
        for requirement in environment.requirements + environment.constraints
        where EnvironmentRequirements.distributionName(requirement) == "numpy" {
            let rest = requirement.drop { $0.isLetter }.filter { !$0.isWhitespace }
            for comparison in ["==", "~=", ">="] where rest.hasPrefix(comparison) {
                return Int(rest.dropFirst(comparison.count).prefix(while: \.isNumber))
            }
        }
        return nil
    }
}
