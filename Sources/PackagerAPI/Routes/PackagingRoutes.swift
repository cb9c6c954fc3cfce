import HTTPTypes
import Hummingbird
import PackagerCore

/// Model packagings: ODAHU's `/model/packaging`.
struct PackagingRoutes {
    var service: PackagerService
    var configuration: APIConfiguration

    private var log: PackagingLog {
        PackagingLog { [service] id, follow in try await service.log(of: id, follow: follow) }
    }

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path, list),
            Route(.post, path, create),
            Route(.put, path, update),
            Route(.get, path + "/{id}", get),
            Route(.put, path + "/{id}", update),
            Route(.delete, path + "/{id}", delete),
            Route(.get, path + "/{id}/log", log.reply),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["size", "page", "type"])
        let page = try query.page(defaultSize: configuration.defaultPageSize)
        return try .json(await service.packagings(page, integrations: query.all("type")))
    }

    @Sendable private func create(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let packaging: ModelPackaging = try await request.entity(limit: configuration.maximumDocumentSize)
        return try .json(await service.create(packaging), status: .created)
    }

    @Sendable private func update(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let packaging: ModelPackaging = try await request.entity(
            id: context.optionalName("id"),
            limit: configuration.maximumDocumentSize
        )
        return try .json(await service.update(packaging))
    }

    @Sendable private func get(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await service.packaging(context.name("id")))
    }

    @Sendable private func delete(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let id = try context.name("id")
        try await service.deletePackaging(id)
        return try .message("Model packaging \(id) was deleted")
    }
}
