import HTTPTypes
import Hummingbird
import JSON
import PackagerCore

/// What can be done with a packaging beside reading and writing it.
struct PackagingRoutes: Sendable {
    var service: PackagerService
    var configuration: APIConfiguration

    /// - Parameter path: of one packaging.
    func routes(at path: String) -> [Route] {
        let log = PackagingLog { [service] id, follow, attempt in
            try await service.log(of: id, follow: follow, attempt: attempt)
        }
        let events = PackagingEvents { [service] in try await service.events(of: $0) }
        return [
            Route(.get, path + "/log", log.reply),
            Route(.get, path + "/events", events.reply),
            Route(.get, path + "/attempts", attempts),
            Route(.post, path + "/cancel", cancel),
            Route(.put, path + "/result", putResults),
        ]
    }

    @Sendable private func attempts(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await service.attempts(of: context.name("id")))
    }

    @Sendable private func cancel(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await service.cancelPackaging(context.name("id")))
    }

    /// ODAHU's own packagers report their results here.
    @Sendable private func putResults(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let document = try await request.document(limit: configuration.maximumDocumentSize)
        let results = try RequestDocument.decode([ModelPackaging.Result].self, from: document)
        return try .json(await service.setResults(results, of: context.name("id")))
    }
}
