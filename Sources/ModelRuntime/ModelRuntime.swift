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

    package var environment: PythonEnvironment
    /// `python:X.Y-slim`
    package var defaultBase: ImageReference
    /// What the shared package reads; no layer depends on the model's name or version.
    package var variables: [String: String]

    /// - Parameter givenBase: the base that the user has named, whose packages are then reused.
    /// - Throws: ``ModelRuntimeError`` when no Python wrapper can run the model.
    package init(for model: TrainedModel, givenBase: ImageReference? = nil) throws {
        let kind = try Kind(of: model)
        let python = model.environment?.minorPythonVersion
        environment = PythonEnvironment(
            python: python,
            requirements: kind.completing(model.environment?.requirements ?? []),
            constraints: model.environment?.constraints ?? []
        )
        environment.reusesBase = givenBase != nil
        defaultBase = try ImageReference(parsing: "python:\(python ?? Self.defaultPython)-slim")
        variables = [
            "ODAHU_MODEL_NAME": model.name,
            "ODAHU_MODEL_VERSION": model.version,
            "PACKAGER_MODEL_ROOT": "/\(Self.modelRoot)",
            "PATH": "\(PythonEnvironment.prefix)/bin:${PATH}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
        ].merging(kind.variables) { $1 }
    }

    /// The layers of an image, the least often changed first; `wrapper` is the one that is the integration's own.
    package func layers(around wrapper: [RecipeFile]) throws -> [LayerRecipe] {
        [
            .generated(kind: PythonEnvironment.kind, parameters: try JSONValue(encoding: environment)),
            .files(name: "model runtime", Self.files),
            .files(name: "wrapper", wrapper),
            .artifact(prefix: Self.modelRoot),
        ]
    }

    /// A wrapper's file, by its path beside the shared package.
    package static func file(_ path: String, _ bytes: [UInt8], executable: Bool = false) -> RecipeFile {
        .text("\(root)/\(path)", String(decoding: bytes, as: UTF8.self), executable: executable)
    }
}
