import HTTPTypes
import Hummingbird
import PackagerCore

/// The operations that every kind of entity has, under ODAHU's names for them.
struct EntityRoutes<Entity: EntityDocument>: Sendable {
    /// What the reply to a deletion calls one of them.
    var name: String
    var configuration: APIConfiguration
    /// A page of the list, only with entities of the given types.
    var list: @Sendable (Page, [String]) async throws -> [Entity]
    /// Whether the list takes `type`.
    var hasTypes = true
    var get: @Sendable (String) async throws -> Entity
    var create: @Sendable (Entity) async throws -> Entity
    var update: @Sendable (Entity) async throws -> Entity
    var delete: @Sendable (String) async throws -> Void

    /// - Parameter extras: operations on one entity, by what follows its path.
    func routes(at path: String, extras: [String: Route.Handler] = [:]) -> [Route] {
        [
            Route(.get, path, getPage),
            Route(.post, path, post),
            Route(.put, path, put),
            Route(.get, path + "/{id}", getOne),
            Route(.put, path + "/{id}", put),
            Route(.delete, path + "/{id}", remove),
        ] + extras.map { Route(.get, path + "/{id}/" + $0.key, $0.value) }
    }

    @Sendable private func getPage(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: hasTypes ? ["size", "page", "type"] : ["size", "page"])
        let page = try query.page(defaultSize: configuration.defaultPageSize)
        return try .json(await list(page, query.all("type")))
    }

    @Sendable private func post(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let entity = try await request.entity(Entity.self, limit: configuration.maximumDocumentSize)
        return try .json(await create(entity), status: .created)
    }

    @Sendable private func put(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let entity = try await request.entity(
            Entity.self,
            id: context.optionalName("id"),
            limit: configuration.maximumDocumentSize
        )
        return try .json(await update(entity))
    }

    @Sendable private func getOne(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await get(context.name("id")))
    }

    @Sendable private func remove(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let id = try context.name("id")
        try await delete(id)
        return try .message("\(name) \(id) was deleted")
    }
}
