package import Logging
import OCI

/// A job's work: from the entity to what it needs, through the main corridor, to the entity's results.
package struct CorridorRunner: PackagingRunner {
    private let service: PackagerService
    private let packager: Packager

    package init(service: PackagerService, packager: Packager) {
        self.service = service
        self.packager = packager
    }

    package func run(_ packaging: ModelPackaging, log: JobLog) async throws -> [ModelPackaging.Result] {
        try await results(of: packaging, logger: log.logger)
    }

    /// Packages, and gives the results as clients read them: the image's reference first, then the manifest's digest.
    package func results(of packaging: ModelPackaging, logger: Logger) async throws -> [ModelPackaging.Result] {
        let request = try await service.request(for: packaging)
        let packaged = try await packager.package(request, logger: logger)
        var reference = packaged.reference
        if reference.host == nil { reference.host = service.configuration.publicHost }
        return [
            ModelPackaging.Result(name: "image", value: reference.description),
            ModelPackaging.Result(name: "digest", value: packaged.digest.description),
        ]
    }
}
