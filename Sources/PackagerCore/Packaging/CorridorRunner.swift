import ImageAssembler
import OCI

/// A job's work: from the entity to what it needs, through the main corridor, to the entity's results.
package struct CorridorRunner: PackagingRunner {
    private let service: PackagerService
    private let packager: Packager

    package init(service: PackagerService, packager: Packager) {
        self.service = service
        self.packager = packager
    }

    package func run(
        _ packaging: ModelPackaging,
        log: JobLog,
        progress: PackagingProgress
    ) async throws -> [ModelPackaging.Result] {
        var request = try await service.request(for: packaging)
        request.progress = progress
        let packaged = try await packager.package(request, logger: log.logger)
        return packaged.results(publicHost: service.configuration.publicHost)
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
