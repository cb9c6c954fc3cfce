import ImageAssembler
import OCI

/// A job's work: from the entity to what it needs, through the main corridor or a custom packager, to the entity's
/// results.
package struct CorridorRunner: PackagingRunner {
    private let service: PackagerService
    private let packager: Packager
    private let customPackager: CustomPackager?

    /// - Parameter customPackager: runs integrations that bring images of their own; nil where there are none.
    package init(service: PackagerService, packager: Packager, customPackager: CustomPackager? = nil) {
        self.service = service
        self.packager = packager
        self.customPackager = customPackager
    }

    package func run(
        _ packaging: ModelPackaging,
        log: JobLog,
        progress: PackagingProgress
    ) async throws -> [ModelPackaging.Result] {
        switch try await service.work(for: packaging) {
        case .recipe(var request):
            request.progress = progress
            let packaged = try await packager.package(request, logger: log.logger)
            return packaged.results(publicHost: service.configuration.publicHost)
        case .custom(var request):
            request.progress = progress
            return try await customPackager.required.run(request, logger: log.logger)
        }
    }
}

extension CustomPackager? {
    /// - Throws: ``PackagingError`` `noEngine`.
    package var required: CustomPackager {
        get throws {
            guard let self else {
                throw PackagingError(.noEngine, "there is nothing to run packager images in: see --custom-packagers")
            }
            return self
        }
    }
}

extension PackagedImage {
    /// The results as clients read them: the image's reference first, then the manifest's digest, the bytes of all blobs
    /// and how many layers there are.
    ///
    /// - Parameter publicHost: where the store's own images are pulled from.
    package func results(publicHost: String) -> [ModelPackaging.Result] {
        var reference = reference
        if reference.host == nil { reference.host = publicHost }
        return [
            ModelPackaging.Result(name: "image", value: reference.description),
            ModelPackaging.Result(name: "digest", value: digest.description),
            ModelPackaging.Result(name: "size", value: "\(image.size)"),
            ModelPackaging.Result(name: "layers", value: "\(image.layers.count)"),
        ]
    }
}
