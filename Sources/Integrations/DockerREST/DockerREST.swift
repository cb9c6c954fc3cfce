package import ImageAssembler
package import JSON
import ModelRuntime
import OCI
import PackagerCore
import PythonLayers
package import TrainedModels

/// A REST microservice: the model behind gunicorn, with ODAHU's routes and the Open Inference Protocol.
package struct DockerREST: Integration {
    package init() {}

    package func check(arguments: [String: JSONValue]) throws { _ = try Arguments(arguments) }

    package func recipe(for model: TrainedModel, arguments values: [String: JSONValue]) throws -> ImageRecipe {
        let arguments = try Arguments(values)
        let runtime = try ModelRuntime(for: model, conda: CondaUse(values), givenBase: arguments.base)
        return ImageRecipe(
            base: arguments.base ?? runtime.defaultBase,
            layers: try runtime.layers(around: Self.wrapper),
            environment: runtime.variables,
            entrypoint: [
                "\(PythonEnvironment.prefix)/bin/gunicorn", "--config", "/\(ModelRuntime.root)/gunicorn.conf.py",
            ],
            command: arguments.serverFlags,
            workingDirectory: "/\(ModelRuntime.modelRoot)",
            exposedPorts: [arguments.port],
            labels: labels(for: model),
            annotations: annotations(for: model)
        )
    }
}
