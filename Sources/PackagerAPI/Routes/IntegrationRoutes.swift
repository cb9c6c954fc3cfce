import HTTPTypes
import Hummingbird
import PackagerCore

/// Packaging integrations: ODAHU's `/packaging/integration`.
struct IntegrationRoutes {
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
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["size", "page"])
        return try .json(await service.integrations(query.page(defaultSize: configuration.defaultPageSize)))
    }

    @Sendable private func create(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let integration: PackagingIntegration = try await request.entity(limit: configuration.maximumDocumentSize)
        return try .json(await service.create(integration), status: .created)
    }

    @Sendable private func update(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let integration: PackagingIntegration = try await request.entity(
            id: context.optionalName("id"),
            limit: configuration.maximumDocumentSize
        )
        return try .json(await service.update(integration))
    }

    @Sendable private func get(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await service.integration(context.name("id")))
    }

    @Sendable private func delete(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let id = try context.name("id")
        try await service.deleteIntegration(id)
        return try .message("Packaging integration \(id) was deleted")
    }
}
