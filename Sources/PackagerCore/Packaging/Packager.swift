package import Archive
import FileSystem
package import ImageAssembler
import JSON
package import Logging
import OCI
import Registry
package import SystemPackage
import TrainedModels
package import Transfer

/// The main corridor: an artifact goes in, an image comes out and is pushed.
///
/// One value serves every job of a process, the server's and the command line's alike.
package struct Packager: Sendable {
    package let store: OCILayout
    /// What is known of artifacts by their digest.
    let inspections: any InspectionCache
    /// Where registries hold what was pushed before.
    let locations: any BlobLocationIndex
    let assembler: ImageAssembler
    let http: HTTPClient
    /// Scratch space of running jobs.
    let work: FilePath
    let limits: ArchiveLimits

    /// - Parameter work: a directory for scratch space, on the disk of the store.
    package init(
        assembler: ImageAssembler,
        inspections: any InspectionCache,
        locations: any BlobLocationIndex,
        http: HTTPClient,
        work: FilePath,
        limits: ArchiveLimits = ArchiveLimits()
    ) {
        self.assembler = assembler
        self.inspections = inspections
        self.locations = locations
        self.http = http
        self.work = work
        self.limits = limits
        store = assembler.store
    }

    /// Packages an artifact.
    ///
    /// Nothing is left behind when this throws but finished layers, which the next attempt finds again.
    package func package(_ request: PackagingRequest, logger: Logger) async throws -> PackagedImage {
        try await withTemporaryDirectory(in: work, prefix: "job") { scratch in
            let artifact = ArtifactWorkspace(request.artifact, in: scratch, limits: limits, logger: logger)
            var steps = StepClock(logger)
            logger.info("packaging \(request.artifact.name) with \(request.integration.definition.id)")

            let model: TrainedModel
            do {
                model = try await inspect(artifact, fallbackName: request.fallbackName)
            } catch let error as ModelError {
                throw PackagingError(.noModel, "artifact \(request.artifact.name): \(error)")
            }
            steps.end("inspect", "\(model.name) \(model.version), \(model.files.count) files")

            let arguments = request.integration.definition.spec.schema.withDefaults(request.arguments)
            let recipe = try request.integration.recipe(for: model, arguments: arguments)
            let reference = try request.reference(for: model, arguments: arguments)
            for note in model.environment?.notes ?? [] { logger.info("\(note)") }

            let base = try await baseImage(recipe.base, for: request, logger)
            steps.end("resolve the base", "\(recipe.base) is \(base.descriptor.digest)")

            let delivery = delivery(of: reference, for: request, logger)
            let image = try await assembler.assemble(
                recipe,
                on: base,
                artifact: artifact.contents(),
                logger: logger,
                whenReady: delivery.send
            )
            steps.end("assemble", "\(image.layers.count) layers, \(image.size) bytes")

            let report = try await delivery.finish(image, tag: reference.tag ?? "latest")
            steps.end(
                "push",
                """
                \(report.uploaded.count) blobs sent (\(report.uploaded.bytes) bytes), \(report.mounted.count) mounted, \
                \(report.skipped.count) there already
                """
            )
            logger.info("packaged \(reference)@\(image.digest)")
            return PackagedImage(reference: reference, image: image, push: report, steps: steps.steps)
        }
    }

    private func inspect(_ artifact: ArtifactWorkspace, fallbackName: String) async throws -> TrainedModel {
        let digest = try await artifact.digest()
        if let digest, let known = try await inspections.model(for: digest, fallbackName: fallbackName) { return known }
        let model = try await artifact.inspect(fallbackName: fallbackName)
        if let digest { try await inspections.record(model, for: digest, fallbackName: fallbackName) }
        return model
    }

    /// The base from the local store, or else from its registry.
    private func baseImage(_ reference: ImageReference, for request: PackagingRequest, _ logger: Logger) async throws
        -> BaseImage
    {
        let platform = assembler.options.platform
        let local = store.repository(reference)
        if try await local.contains(reference.selector) {
            return try await BaseImage.resolve(reference, from: local, platform: platform)
        }
        let source = request.pull.repository(reference, over: http, logger: logger)
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
        return ImageDelivery(to: destination, by: ImagePusher(locations: locations))
    }
}
