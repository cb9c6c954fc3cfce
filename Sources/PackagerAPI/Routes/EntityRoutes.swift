import HTTPTypes
import Hummingbird
import Logging
import PackagerCore
import ServiceLifecycle

/// The operations that every kind of entity has, under ODAHU's names for them.
struct EntityRoutes<Entity: EntityDocument>: Sendable {
    /// What the reply to a deletion calls one of them.
    var name: String
    var configuration: APIConfiguration
    /// A page of the list as JSON, only with entities of the given types.
    var list: @Sendable (Page, [String]) async throws -> EncodedDocument
    /// Whether the list takes `type`.
    var hasTypes = true
    var get: @Sendable (String) async throws -> EncodedDocument
    /// Gets what has a state once that has changed, or the time is over; nil where nothing changes by itself.
    var wait: (@Sendable (String, Duration) async throws -> Entity)?
    /// Takes the request's `Idempotency-Key`.
    var create: @Sendable (Entity, String?) async throws -> Entity
    /// Takes what the request's `If-Match` says.
    var update: @Sendable (Entity, ExpectedVersion?) async throws -> Entity
    var delete: @Sendable (String) async throws -> Void
    /// What a document would come to, new or in place of another; nil where there is nothing to foresee.
    var preview: (@Sendable (Entity, _ isNew: Bool) async throws -> PackagingPreview)?

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path, getPage),
            Route(.post, path, post),
            Route(.put, path, put),
            Route(.get, path + "/{id}", getOne),
            Route(.put, path + "/{id}", put),
            Route(.delete, path + "/{id}", remove),
        ]
    }

    /// What log lines call the id: `packaging`.
    private var logKey: String { name.lowercased().split(separator: " ").last.map(String.init) ?? name }

    private var changeParameters: Set<String> { preview == nil ? [] : ["dryRun"] }

    @Sendable private func getPage(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: hasTypes ? ["size", "page", "type"] : ["size", "page"])
        let page = try query.page(defaultSize: configuration.defaultPageSize)
        return try await list(page, query.all("type")).reply
    }

    @Sendable private func post(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: changeParameters)
        let entity = try await request.entity(Entity.self, limit: configuration.maximumDocumentSize)
        if let preview, try query.flag("dryRun") == true { return try .json(await preview(entity, true)) }
        let created = try await create(entity, request.idempotencyKey)
        context.logger.info("\(name) was created", metadata: [logKey: "\(created.id)"])
        return try .json(created, status: .created, headers: EntityTag.headers(of: created))
    }

    @Sendable private func put(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: changeParameters)
        let entity = try await request.entity(
            Entity.self,
            id: context.optionalName("id"),
            limit: configuration.maximumDocumentSize
        )
        if let preview, try query.flag("dryRun") == true { return try .json(await preview(entity, false)) }
        let updated = try await update(entity, request.expectedVersion)
        context.logger.info("\(name) was changed", metadata: [logKey: "\(updated.id)"])
        return try .json(updated, headers: EntityTag.headers(of: updated))
    }

    @Sendable private func getOne(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: wait == nil ? [] : ["wait"])
        let id = try context.name("id")
        guard let wait, let limit = try query.seconds("wait", atMost: configuration.maximumWait) else {
            return try await get(id).reply
        }
        return try await EncodedDocument(cancelWhenGracefulShutdown { try await wait(id, limit) }).reply
    }

    @Sendable private func remove(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let id = try context.name("id")
        try await delete(id)
        context.logger.info("\(name) was deleted", metadata: [logKey: "\(id)"])
        return try .message("\(name) \(id) was deleted")
    }
}
