package import Archive
import Concurrency
import CondaLayers
package import ImageAssembler
import JSON
package import Logging
import OCI
import Registry
package import SystemPackage
import TrainedModels
package import Transfer

/// The main corridor: an artifact goes in, images come out and are pushed.
///
/// One value serves every job of a process, the server's and the command line's alike. What images have in common, in one
/// call or in several at the same time, is made and sent once.
package struct Packager: Sendable {
    package let store: OCILayout
    /// What is known of artifacts by their digest.
    let inspections: any InspectionCache
    let assembler: ImageAssembler
    let pusher: ImagePusher
    let http: HTTPClient
    let workspaces: ArtifactWorkspaces
    /// For the builder `docker`; nil where there is none.
    let engineBuilder: EngineBuilder?

    /// - Parameters:
    ///   - locations: where registries hold what was pushed before.
    ///   - work: a directory for scratch space, on the disk of the store.
    ///   - engineBuilder: makes the images that are asked for with the builder `docker`.
    package init(
        assembler: ImageAssembler,
        inspections: any InspectionCache,
        locations: any BlobLocationIndex,
        http: HTTPClient,
        work: FilePath,
        limits: ArchiveLimits = ArchiveLimits(),
        engineBuilder: EngineBuilder? = nil
    ) {
        self.engineBuilder = engineBuilder
        self.assembler = assembler
        self.inspections = inspections
        self.http = http
        pusher = ImagePusher(locations: locations)
        workspaces = ArtifactWorkspaces(in: work, limits: limits)
        store = assembler.store
    }

    /// Packages an artifact as one image.
    package func package(_ request: PackagingRequest, logger: Logger) async throws -> PackagedImage {
        try await package([request], logger: logger)[0]
    }

    /// Packages an artifact as several images, in the order of the requests; all of them are for the same artifact.
    ///
    /// Nothing is left behind when this throws but finished layers, which the next attempt finds again, and images that
    /// were whole by then. No layer is made before it is known that each integration takes the model.
    package func package(_ requests: [PackagingRequest], logger: Logger) async throws -> [PackagedImage] {
        guard let artifact = requests.first?.artifact else { return [] }
        precondition(requests.allSatisfy { $0.artifact == artifact }, "images made together are of one artifact")
        return try await workspaces.withWorkspace(of: artifact, logger: logger) { workspace in
            let drafts = try await drafts(of: requests, workspace, logger)
            return try await drafts.concurrentMap(limit: drafts.count) { try await make($0, of: workspace) }
        }
    }

    /// What is to be made of an artifact: all that an image, or a Dockerfile, follows from.
    struct Plan: Sendable {
        var model: TrainedModel
        var arguments: [String: JSONValue]
        var recipe: ImageRecipe
        var base: BaseImage
    }

    func plan(_ request: PackagingRequest, of artifact: ArtifactWorkspace, _ logger: Logger) async throws -> Plan {
        let steps = StepClock(progress: request.progress, logger: logger)
        request.progress.restart()
        logger.info("packaging \(request.artifact.name) with \(request.integration.definition.id)")

        steps.begin("inspect")
        let model: TrainedModel
        do {
            model = try await artifact.model(fallbackName: request.fallbackName, knownTo: inspections)
        } catch let error as ModelError {
            throw PackagingError(.noModel, "artifact \(request.artifact.name): \(error)")
        }
        steps.end(
            "\(model.name) \(model.version), \(model.files.count.counted("file"))",
            bytes: model.files.reduce(0) { $0 + $1.size }
        )

        steps.begin("resolve the base")
        let arguments = request.integration.definition.spec.schema.withDefaults(request.arguments)
        let draft = try request.integration.recipe(for: model, arguments: arguments)
        let usesConda = draft.layers.contains { layer in
            if case .generated(CondaEnvironment.kind, _) = layer { true } else { false }
        }
        // They say what Conda's packages became on PyPI.
        for note in usesConda ? [] : model.environment?.notes ?? [] { logger.info("\(note)") }

        let base = try await baseImage(draft.base, pull: request.pull, logger)
        let recipe = try request.integration.recipe(for: model, arguments: arguments, on: base.configuration)
        steps.end("\(recipe.base) is \(base.descriptor.digest)")
        return Plan(model: model, arguments: arguments, recipe: recipe, base: base)
    }

    /// An image before anything of it is made.
    struct Draft: Sendable {
        var request: PackagingRequest
        var plan: Plan
        var reference: ImageReference
        var logger: Logger
    }

    func draft(
        _ request: PackagingRequest,
        of artifact: ArtifactWorkspace,
        _ logger: Logger
    ) async throws -> Draft {
        if request.builder == .docker { try await checkEngine() }
        let plan = try await plan(request, of: artifact, logger)
        let reference = try request.reference(for: plan.model, arguments: plan.arguments)
        return Draft(request: request, plan: plan, reference: reference, logger: logger)
    }

    /// - Parameter logger: of several, each says for which integration it speaks.
    func drafts(of requests: [PackagingRequest], _ artifact: ArtifactWorkspace, _ logger: Logger) async throws
        -> [Draft]
    {
        try await requests.concurrentMap(limit: requests.count) { request in
            var logger = logger
            if requests.count > 1 { logger[metadataKey: "integration"] = "\(request.integration.definition.id)" }
            return try await draft(request, of: artifact, logger)
        }
    }

    private func make(_ draft: Draft, of artifact: ArtifactWorkspace) async throws -> PackagedImage {
        let (reference, logger, progress) = (draft.reference, draft.logger, draft.request.progress)
        let steps = StepClock(progress: progress, logger: logger)
        steps.begin(draft.request.builder == .native ? "assemble" : "build")
        let delivery = delivery(of: reference, for: draft.request, logger)
        let image =
            switch draft.request.builder {
            case .native:
                try await assembler.assemble(
                    draft.plan.recipe,
                    on: draft.plan.base,
                    artifact: artifact.contents(),
                    logger: logger
                ) { row in
                    progress.add(row)
                    try await delivery.send(row)
                }
            case .docker:
                try await built(draft.plan, of: artifact, for: draft.request, logger)
            }
        progress.setLayers(image.layers)
        steps.end(
            "\(image.layers.count.counted("layer")), \(image.size.counted("byte"))",
            bytes: image.layers.reduce(0) { $0 + ($1.provenance == .base ? 0 : $1.layer.descriptor.size) }
        )

        steps.begin("push")
        let report = try await delivery.finish(image, tag: reference.tag ?? "latest")
        progress.set(report)
        steps.end(
            """
            \(report.uploaded.count.counted("blob")) sent (\(report.uploaded.bytes.counted("byte"))), \
            \(report.mounted.count) mounted, \(report.skipped.count) there already
            """,
            bytes: report.uploaded.bytes
        )
        logger.info("packaged \(reference)@\(image.digest)")
        return PackagedImage(
            integration: draft.request.integration.definition.id,
            reference: reference,
            image: image,
            push: report,
            steps: progress.snapshot.steps
        )
    }

    /// The base from the local store, or else from its registry.
    func baseImage(_ reference: ImageReference, pull: RegistryAccess, _ logger: Logger) async throws -> BaseImage {
        let platform = assembler.options.platform
        let local = store.repository(reference)
        if try await local.contains(reference.selector) {
            return try await BaseImage.resolve(reference, from: local, platform: platform)
        }
        let source = pull.repository(reference, over: http, logger: logger)
        do {
            return try await BaseImage.resolve(reference, from: source, platform: platform)
        } catch let error as RegistryError {
            throw PackagingError(
                .noBaseImage,
                "the base image \(reference) is not in the local store and cannot be had from \(reference.resolvedHost): \(error)"
            )
        }
    }

    /// Layers are sent while others are made.
    private func delivery(of reference: ImageReference, for request: PackagingRequest, _ logger: Logger)
        -> ImageDelivery
    {
        let destination: any ImageDestination =
            switch request.target {
            case .store: store.repository(reference)
            case .registry(let access): access.repository(reference, over: http, logger: logger)
            }
        return ImageDelivery(to: destination, by: pusher)
    }
}
