package import ImageAssembler
package import JSON
import OCI
import PackagerCore
import PythonLayers
package import TrainedModels

/// A REST microservice: the model behind gunicorn, with ODAHU's routes and the Open Inference Protocol.
package struct DockerREST: Integration {
    /// The Python of models that do not say which they need.
    static let defaultPython = "3.12"
    /// Where the wrapper and the artifact are inside the image.
    static let wrapperRoot = "opt/packager"
    static let modelRoot = "model"

    package init() {}

    package func check(arguments: [String: JSONValue]) throws { _ = try Arguments(arguments) }

    package func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        let arguments = try Arguments(arguments)
        let python = model.environment?.pythonVersion
        let environment = PythonEnvironment(
            python: python.map(Self.minorVersion),
            requirements: Self.requirements(of: model),
            constraints: model.environment?.constraints ?? []
        )
        return ImageRecipe(
            base: try arguments.base ?? Self.defaultBase(python: python),
            layers: [
                .generated(kind: PythonEnvironment.kind, parameters: try JSONValue(encoding: environment)),
                .files(name: "serving wrapper", Self.wrapper),
                .artifact(prefix: Self.modelRoot),
            ],
            environment: Self.variables(of: model),
            entrypoint: [
                "\(PythonEnvironment.prefix)/bin/gunicorn", "--config", "/\(Self.wrapperRoot)/gunicorn.conf.py",
            ],
            command: arguments.serverFlags,
            workingDirectory: "/\(Self.modelRoot)",
            exposedPorts: [arguments.port],
            labels: [
                "io.packager.integration": definition.id,
                "io.packager.model.name": model.name,
                "io.packager.model.version": model.version,
            ],
            annotations: [
                "org.opencontainers.image.title": model.name,
                "org.opencontainers.image.version": model.version,
            ]
        )
    }

    private static func defaultBase(python: String?) throws -> ImageReference {
        try ImageReference(parsing: "python:\(minorVersion(python ?? defaultPython))-slim")
    }

    /// `3.11.7` → `3.11`
    static func minorVersion(_ version: String) -> String {
        version.split(separator: ".").prefix(2).joined(separator: ".")
    }

    /// The model's requirements, and what the wrapper needs where the model does not bring it.
    private static func requirements(of model: TrainedModel) -> [String] {
        var requirements = model.environment?.requirements ?? []
        let names = Set(requirements.map(distributionName))
        if !names.contains("gunicorn") { requirements.append("gunicorn>=23") }
        if case .mlflow = model.kind, names.isDisjoint(with: ["mlflow", "mlflow-skinny"]) {
            requirements.append("mlflow-skinny")
        }
        return requirements
    }

    /// The normalised name that a PEP 508 requirement starts with.
    private static func distributionName(_ requirement: String) -> String {
        let name = requirement.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
        return name.lowercased().split(whereSeparator: { "-_.".contains($0) }).joined(separator: "-")
    }

    /// What the wrapper reads; no layer depends on the model's name or version.
    private static func variables(of model: TrainedModel) -> [String: String] {
        var variables = [
            "ODAHU_MODEL_NAME": model.name,
            "ODAHU_MODEL_VERSION": model.version,
            "PACKAGER_MODEL_ROOT": "/\(modelRoot)",
            "PATH": "\(PythonEnvironment.prefix)/bin:${PATH}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
        ]
        let directory: String
        switch model.kind {
        case .gppi(let workDirectory, let entrypoint):
            variables["PACKAGER_MODEL_KIND"] = "gppi"
            variables["PACKAGER_MODEL_ENTRYPOINT"] = entrypoint
            directory = workDirectory
        case .mlflow(let root, _):
            variables["PACKAGER_MODEL_KIND"] = "mlflow"
            directory = root
        case .file, .triton:
            directory = ""
        }
        variables["PACKAGER_MODEL_WORKDIR"] = directory
        variables["MODEL_LOCATION"] = directory.isEmpty ? "/\(modelRoot)" : "/\(modelRoot)/\(directory)"
        return variables
    }
}
