import Archive
import Containers
package import DockerEngine
package import Dockerfiles
import FileSystem
import ImageAssembler
import Logging
import OCI
package import SystemPackage

/// Builds recipes in a Docker engine: for templates with `RUN`, and for whoever wants the engine's own steps.
///
/// The image comes back from the engine and takes the way of every other one. So no engine is given credentials to push
/// with, the base's blobs are mounted, the digest is known, and the store is as good a target as a registry.
package struct EngineBuilder: Sendable {
    private let engine: DockerEngine
    private let contexts: BuildContext
    private let network: String?
    private let work: FilePath

    /// - Parameters:
    ///   - network: of `RUN` steps; nil for the engine's default.
    ///   - work: a directory for scratch space.
    package init(_ engine: DockerEngine, contexts: BuildContext, network: String?, work: FilePath) {
        self.engine = engine
        self.contexts = contexts
        self.network = network
        self.work = work
    }

    /// - Throws: `EngineError` that says what to do when there is no engine to be reached.
    func check() async throws { _ = try await engine.connect() }

    /// Builds a plan's recipe, brings the image into the store and takes it out of the engine again.
    ///
    /// Cancelling stops the step that the engine is at. The engine keeps its cache of steps.
    func image(
        of plan: Packager.Plan,
        for request: PackagingRequest,
        artifact: FilePath,
        by assembler: ImageAssembler,
        _ logger: Logger
    ) async throws -> Image {
        let session = try await engine.connect()
        logger.info("building with the Docker engine at \(engine.address), version \(session.version) of its API")
        let id = String(UInt64.random(in: 0 ... .max), radix: 36)
        let (result, base) = ("packager-build:\(id)", "packager-base:\(id)")
        do {
            let image = try await withTemporaryDirectory(in: work, prefix: "engine") { directory in
                // An engine can pull from registries only.
                let isLocal = if case .layout = plan.base.source.origin { true } else { false }
                if isLocal { try await session.load(plan.base, as: ImageReference(parsing: base), scratch: directory) }
                var options = BuildContext.Options(template: try request.dockerfileTemplate)
                options.base = isLocal ? base : nil
                options.pin = true
                // Indexes, and the passwords in their addresses, are no affair of the engine's.
                options.wheels = true
                let context = directory.appending("context")
                try await contexts.write(
                    plan.recipe,
                    on: plan.base,
                    artifact: nil,
                    to: context,
                    options: options,
                    logger: logger
                )
                var build = BuildRequest(name: result, labels: plan.recipe.labels, network: network)
                build.credentials = try await credentials(for: plan.base, request)
                let files = [DirectoryTar.Part(context), DirectoryTar.Part(artifact, below: BuildContext.model)]
                let id = try await session.build(build, context: DirectoryTar(files)) { logger.info("\($0)") }
                logger.info("the engine made \(id)")
                return try await assembler.image(saved: session.export(result), of: plan.recipe, on: plan.base)
            }
            await remove([result, base], from: session, logger)
            return image
        } catch {
            await remove([result, base], from: session, logger)
            throw error
        }
    }

    /// For the registry of the base alone.
    private func credentials(for base: BaseImage, _ request: PackagingRequest) async throws -> [EngineCredential] {
        guard case .registry = base.source.origin else { return [] }
        return try await [request.pull.engineCredential(for: base.reference)].compactMap(\.self)
    }

    /// Takes our names out of the engine, also when the packaging was cancelled: the task is not a child of it.
    private func remove(_ names: [String], from session: EngineSession, _ logger: Logger) async {
        await Task {
            for name in names {
                do {
                    try await session.remove(name)
                } catch {
                    logger.warning("the image \(name) stays in the engine: \(error)")
                }
            }
        }.value
    }
}

extension Packager {
    /// - Throws: ``PackagingError`` `noEngine`, `EngineError`.
    func checkEngine() async throws { try await engine().check() }

    func built(
        _ plan: Plan,
        of artifact: ArtifactWorkspace,
        for request: PackagingRequest,
        _ logger: Logger
    ) async throws -> Image {
        try await engine().image(
            of: plan,
            for: request,
            artifact: artifact.contents().root(),
            by: assembler,
            logger
        )
    }

    private func engine() throws -> EngineBuilder {
        guard let engineBuilder else {
            throw PackagingError(
                .noEngine,
                "builder \"docker\" needs a Docker engine: name one with --docker-host (PACKAGER_DOCKER_HOST)"
            )
        }
        return engineBuilder
    }
}
