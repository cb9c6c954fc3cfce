package import ImageAssembler
package import JSON
import ModelRuntime
import OCI
import PackagerCore
package import TrainedModels

/// A command line: the model on batches of rows in files, with ODAHU's commands.
package struct DockerCLI: Integration {
    package init() {}

    package func check(arguments: [String: JSONValue]) throws { _ = try base(arguments) }

    package func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        let base = try base(arguments)
        let runtime = try ModelRuntime(for: model, conda: CondaUse(arguments), givenBase: base)
        var variables = runtime.variables
        // First on the path: the environment may have a program of the same name, of the distribution `invoke`.
        variables["PATH"] = "/\(ModelRuntime.root)/bin:" + (variables["PATH"] ?? "${PATH}")
        return ImageRecipe(
            base: base ?? runtime.defaultBase,
            layers: try runtime.layers(around: Self.wrapper),
            environment: variables,
            entrypoint: ["invoke"],
            workingDirectory: "/\(ModelRuntime.modelRoot)",
            labels: labels(for: model),
            annotations: annotations(for: model)
        )
    }

    private func base(_ arguments: [String: JSONValue]) throws -> ImageReference? {
        try arguments["dockerfileBaseImage"]?.stringValue.map(ImageReference.init(parsing:))
    }
}
