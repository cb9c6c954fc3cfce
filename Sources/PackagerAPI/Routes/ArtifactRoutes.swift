import HTTPTypes
import Hummingbird
import PackagerCore

/// The local artifact store: upload of any size, list, info, deletion.
struct ArtifactRoutes {
    var artifacts: ArtifactStore

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path, list),
            Route(.put, path + "/{name}", put),
            Route(.get, path + "/{name}", info),
            Route(.delete, path + "/{name}", delete),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await artifacts.list())
    }

    @Sendable private func put(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["digest", "description"])
        let name = try context.name("name")
        let upload = UploadBody(
            name: name,
            body: request.body,
            length: request.headers[.contentLength].flatMap { Int64($0) },
            digests: try ExpectedDigests.all(in: request, query: query)
        )
        let info = try await artifacts.put(name, description: query.single("description"), upload)
        return try .json(info, status: .created)
    }

    @Sendable private func info(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await artifacts.info(context.name("name")))
    }

    @Sendable private func delete(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let name = try context.name("name")
        try await artifacts.delete(name)
        return try .message("Artifact \(name) was deleted")
    }
}
