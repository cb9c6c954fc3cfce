package import ImageAssembler
import JSON
package import Logging
package import OCI
import PythonLayers
package import TrainedModels

/// A base image with Python packages in it, for models that need them: what ODAHU calls a cache of dependencies.
extension Packager {
    /// Makes an image of a base and packages, and gives it a name in the store. It starts what the base starts.
    ///
    /// - Parameter pull: how the base's registry is visited where the base is not in the store.
    package func extend(
        _ base: ImageReference,
        with packages: EnvironmentRequirements,
        as reference: ImageReference,
        pull: RegistryAccess,
        logger: Logger
    ) async throws -> Image {
        for note in packages.notes { logger.info("\(note)") }
        let below = try await baseImage(base, pull: pull, logger)
        var environment = PythonEnvironment(
            python: packages.minorPythonVersion,
            requirements: packages.requirements,
            constraints: packages.constraints
        )
        environment.reusesBase = true
        let execution = below.configuration.config
        let recipe = ImageRecipe(
            base: base,
            layers: [.generated(kind: PythonEnvironment.kind, parameters: try JSONValue(encoding: environment))],
            environment: ["PATH": "\(PythonEnvironment.prefix)/bin:${PATH}"],
            entrypoint: execution?.entrypoint ?? [],
            command: execution?.command ?? [],
            user: execution?.user ?? "",
            workingDirectory: execution?.workingDirectory ?? "/"
        )
        let delivery = ImageDelivery(to: store.repository(reference), by: pusher)
        let image = try await assembler.assemble(recipe, on: below, logger: logger, whenReady: delivery.send)
        _ = try await delivery.finish(image, tag: reference.tag ?? "latest")
        return image
    }
}
