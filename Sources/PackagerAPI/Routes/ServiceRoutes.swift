import HTTPTypes
import Hummingbird
package import PackagerCore

/// Every operation but the registry's, under ODAHU's paths and under short ones.
///
/// - Parameter packager: foresees packagings; without it there are no dry runs.
package func routes(
    service: PackagerService,
    packager: Packager? = nil,
    configuration: APIConfiguration
) -> [Route] {
    let entities = ServiceRoutes(service: service, packager: packager, configuration: configuration)
    let all: [[Route]] = [
        entities.packagings(at: "/packaging"),
        entities.packagings(at: "/api/v1/model/packaging"),
        entities.integrations(at: "/packaging/integration"),
        entities.integrations(at: "/api/v1/packaging/integration"),
        entities.connections(at: "/connection"),
        entities.connections(at: "/api/v1/connection"),
        ArtifactRoutes(artifacts: service.artifacts, inspector: service.inspector, configuration: configuration)
            .routes(at: "/artifact"),
        DocumentationRoutes().routes(),
        [Route(.get, "/metrics", MetricsReply(service: service).reply)],
        InformationRoutes(service: service, configuration: configuration).routes(at: ""),
        InformationRoutes(service: service, configuration: configuration).routes(at: "/api/v1"),
    ]
    return all.flatMap(\.self)
}

/// The operations on the service's entities.
private struct ServiceRoutes {
    var service: PackagerService
    var packager: Packager?
    var configuration: APIConfiguration

    /// ODAHU's `/model/packaging`.
    func packagings(at path: String) -> [Route] {
        EntityRoutes<ModelPackaging>(
            name: "Model packaging",
            configuration: configuration,
            list: { [service] in EncodedDocument(text: try await service.packagingDocuments($0, integrations: $1)) },
            get: { [service] in EncodedDocument(try await service.packagingDocument($0)) },
            wait: { [service] in try await service.packaging($0, waiting: $1) },
            create: { [service] in try await service.create($0, key: $1) },
            update: { [service] in try await service.update($0, expecting: $1) },
            delete: service.deletePackaging,
            preview: preview
        )
        .routes(at: path) + PackagingRoutes(service: service, configuration: configuration).routes(at: path + "/{id}")
    }

    private var preview: (@Sendable (ModelPackaging, Bool) async throws -> PackagingPreview)? {
        guard let packager else { return nil }
        return { [service] in try await service.preview($0, isNew: $1, by: packager) }
    }

    /// ODAHU's `/packaging/integration`.
    func integrations(at path: String) -> [Route] {
        EntityRoutes<PackagingIntegration>(
            name: "Packaging integration",
            configuration: configuration,
            list: { [service] page, _ in try await EncodedDocument(list: service.integrations(page)) },
            hasTypes: false,
            get: { [service] in try await EncodedDocument(service.integration($0)) },
            create: { [service] integration, _ in try await service.create(integration) },
            update: { [service] in try await service.update($0, expecting: $1) },
            delete: service.deleteIntegration
        )
        .routes(at: path)
    }

    /// ODAHU's `/connection`. Secrets are masked in every reply but that of `/decrypted`.
    func connections(at path: String) -> [Route] {
        let decrypted: Route.Handler = { [service] request, context in
            _ = try QueryParameters(request)
            return try .json(
                await service.decryptedConnection(context.name("id")),
                headers: [.cacheControl: "no-store"]
            )
        }
        return EntityRoutes<WireConnection>(
            name: "Connection",
            configuration: configuration,
            list: { [service] in try await EncodedDocument(list: service.connections($0, types: $1)) },
            get: { [service] in try await EncodedDocument(service.connection($0)) },
            create: { [service] connection, _ in try await service.create(connection) },
            update: { [service] in try await service.update($0, expecting: $1) },
            delete: service.deleteConnection
        )
        .routes(at: path) + [Route(.get, path + "/{id}/decrypted", decrypted)]
    }
}
