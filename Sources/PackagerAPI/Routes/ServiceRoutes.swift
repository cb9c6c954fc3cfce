import HTTPTypes
import Hummingbird
package import PackagerCore

/// Every operation but the registry's, under ODAHU's paths and under short ones.
package func routes(service: PackagerService, configuration: APIConfiguration) -> [Route] {
    let entities = ServiceRoutes(service: service, configuration: configuration)
    let all: [[Route]] = [
        entities.packagings(at: "/packaging"),
        entities.packagings(at: "/api/v1/model/packaging"),
        entities.integrations(at: "/packaging/integration"),
        entities.integrations(at: "/api/v1/packaging/integration"),
        entities.connections(at: "/connection"),
        entities.connections(at: "/api/v1/connection"),
        ArtifactRoutes(artifacts: service.artifacts).routes(at: "/artifact"),
        DocumentationRoutes().routes(),
    ]
    return all.flatMap(\.self)
}

/// The operations on the service's entities.
private struct ServiceRoutes {
    var service: PackagerService
    var configuration: APIConfiguration

    /// ODAHU's `/model/packaging`.
    func packagings(at path: String) -> [Route] {
        let log = PackagingLog { [service] id, follow in try await service.log(of: id, follow: follow) }
        return EntityRoutes<ModelPackaging>(
            name: "Model packaging",
            configuration: configuration,
            list: { [service] page, types in try await service.packagings(page, integrations: types) },
            get: service.packaging,
            create: service.create,
            update: service.update,
            delete: service.deletePackaging
        )
        .routes(at: path, extras: ["log": log.reply])
    }

    /// ODAHU's `/packaging/integration`.
    func integrations(at path: String) -> [Route] {
        EntityRoutes<PackagingIntegration>(
            name: "Packaging integration",
            configuration: configuration,
            list: { [service] page, _ in try await service.integrations(page) },
            hasTypes: false,
            get: service.integration,
            create: service.create,
            update: service.update,
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
            list: { [service] page, types in try await service.connections(page, types: types) },
            get: service.connection,
            create: service.create,
            update: service.update,
            delete: service.deleteConnection
        )
        .routes(at: path, extras: ["decrypted": decrypted])
    }
}
