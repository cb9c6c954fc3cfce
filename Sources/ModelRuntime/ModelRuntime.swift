package import CondaLayers
package import ImageAssembler
import JSON
package import OCI
package import PythonLayers
package import TrainedModels

/// What an image needs to run a model in Python, whatever wrapper is around it: an environment, the shared package that
/// loads the model and speaks its kind, and the variables which tell that package where the model is.
///
/// Every integration takes the same, so that images of one artifact have all layers but their wrapper's in common.
package struct ModelRuntime: Sendable, Hashable {
    /// Where the shared package and the wrappers are in the image; on Python's path.
    package static let root = "opt/packager"
    /// Where the artifact is.
    package static let modelRoot = "model"
    /// The Python of models that do not say which they need.
    static let defaultPython = "3.12"
    /// The base of environments that bring their Python: Conda's packages need no more than its C library.
    static let baseWithoutPython = "debian:bookworm-slim"

    package var environment: PythonEnvironment
    /// In place of ``environment``, which it holds what pip adds of: Python and packages from Conda's channels.
    package var conda: CondaEnvironment?
    /// `python:X.Y-slim`; a base without Python where Conda brings one.
    package var defaultBase: ImageReference
    /// What the shared package reads; no layer depends on the model's name or version.
    package var variables: [String: String]

    /// - Parameters:
    ///   - use: whether the environment's packages are Conda's own.
    ///   - givenBase: the base that the user has named, whose packages are then reused.
    /// - Throws: ``ModelRuntimeError`` when no Python wrapper can run the model, `ModelError` for packages that only
    ///   Conda has where those are not wanted.
    package init(for model: TrainedModel, conda use: CondaUse = .never, givenBase: ImageReference? = nil) throws {
        let kind = try Kind(of: model)
        let python = model.environment?.minorPythonVersion
        let source = try use.source(of: model.environment)
        let constraints = model.environment?.constraints ?? []
        environment = PythonEnvironment(
            python: python,
            requirements: kind.completing(model.environment?.requirements ?? []),
            constraints: constraints
        )
        conda = source.map { kind.environment(from: $0, constraints: constraints) }
        defaultBase = try ImageReference(
            parsing: conda == nil ? "python:\(python ?? Self.defaultPython)-slim" : Self.baseWithoutPython
        )
        environment.reusesBase = givenBase != nil
        variables = [
            "ODAHU_MODEL_NAME": model.name,
            "ODAHU_MODEL_VERSION": model.version,
            "PACKAGER_MODEL_ROOT": "/\(Self.modelRoot)",
            "PATH": "\(PythonEnvironment.prefix)/bin:${PATH}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
        ].merging(kind.variables) { $1 }
        if conda != nil {
            variables["CONDA_PREFIX"] = CondaEnvironment.prefix
            variables["PATH"] = "\(PythonEnvironment.prefix)/bin:\(CondaEnvironment.prefix)/bin:${PATH}"
        }
    }

    /// The layers of an image, the least often changed first; `wrapper` is the one that is the integration's own.
    package func layers(around wrapper: [RecipeFile]) throws -> [LayerRecipe] {
        [
            try environmentLayer,
            .files(name: "model runtime", Self.files),
            .files(name: "wrapper", wrapper),
            .artifact(prefix: Self.modelRoot),
        ]
    }

    private var environmentLayer: LayerRecipe {
        get throws {
            if let conda { return .generated(kind: CondaEnvironment.kind, parameters: try JSONValue(encoding: conda)) }
            return .generated(kind: PythonEnvironment.kind, parameters: try JSONValue(encoding: environment))
        }
    }

    /// A wrapper's file, by its path beside the shared package.
    package static func file(_ path: String, _ bytes: [UInt8], executable: Bool = false) -> RecipeFile {
        .text("\(root)/\(path)", String(decoding: bytes, as: UTF8.self), executable: executable)
    }
}
