import HTTPTypes
import Hummingbird
import PackagerCore

/// Connections: ODAHU's `/connection`. Secrets are masked in every reply but that of `/decrypted`.
struct ConnectionRoutes {
    var service: PackagerService
    var configuration: APIConfiguration

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path, list),
            Route(.post, path, create),
            Route(.put, path, update),
            Route(.get, path + "/{id}", get),
            Route(.put, path + "/{id}", update),
            Route(.delete, path + "/{id}", delete),
            Route(.get, path + "/{id}/decrypted", decrypted),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["size", "page", "type"])
        let page = try query.page(defaultSize: configuration.defaultPageSize)
        return try .json(await service.connections(page, types: query.all("type")))
    }

    @Sendable private func create(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let connection: WireConnection = try await request.entity(limit: configuration.maximumDocumentSize)
        return try .json(await service.create(connection), status: .created)
    }

    @Sendable private func update(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let connection: WireConnection = try await request.entity(
            id: context.optionalName("id"),
            limit: configuration.maximumDocumentSize
        )
        return try .json(await service.update(connection))
    }

    @Sendable private func get(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await service.connection(context.name("id")))
    }

    @Sendable private func decrypted(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(
            await service.decryptedConnection(context.name("id")),
            headers: [.cacheControl: "no-store"]
        )
    }

    @Sendable private func delete(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let id = try context.name("id")
        try await service.deleteConnection(id)
        return try .message("Connection \(id) was deleted")
    }
}
