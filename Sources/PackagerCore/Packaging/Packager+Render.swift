package import Dockerfiles
import ImageAssembler
package import Logging
import OCI
package import SystemPackage

/// The second way out of the corridor: the recipe is written down, not built.
extension Packager {
    /// Writes the recipe of a packaging as a build context. The request's target and name play no part.
    package func render(
        _ request: PackagingRequest,
        as context: BuildContext,
        to directory: FilePath,
        options: BuildContext.Options,
        logger: Logger
    ) async throws {
        try BuildContext.check(directory, options)
        try await withRecipe(of: request, logger) { recipe, base, artifact in
            if case .layout = base.source.origin, !options.pin {
                logger.notice(
                    "the base \(recipe.base) is in the local store: a builder needs it under this name (packager image push)"
                )
            }
            try await context.write(
                recipe,
                on: base,
                artifact: artifact.contents().root(),
                to: directory,
                options: options,
                logger: logger
            )
        }
    }

    /// What a Dockerfile's template can say of a packaging.
    package func values(
        for request: PackagingRequest,
        as context: BuildContext,
        options: BuildContext.Options,
        logger: Logger
    ) async throws -> DockerfileValues {
        try await withRecipe(of: request, logger) { recipe, base, _ in
            try await context.values(of: recipe, on: base, options: options, logger: logger)
        }
    }

    private func withRecipe<Value: Sendable>(
        of request: PackagingRequest,
        _ logger: Logger,
        _ body: @Sendable (ImageRecipe, BaseImage, ArtifactWorkspace) async throws -> Value
    ) async throws -> Value {
        try await workspaces.withWorkspace(of: request.artifact, logger: logger) { artifact in
            let plan = try await plan(request, of: artifact, logger)
            return try await body(plan.recipe, plan.base, artifact)
        }
    }
}
