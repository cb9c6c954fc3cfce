import HTTPTypes
import Hummingbird
import JSON
import OCI
import PackagerCore

/// The local artifact store: upload of any size, list, info, description, download, deletion.
struct ArtifactRoutes {
    var artifacts: ArtifactStore
    var configuration: APIConfiguration

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path, list),
            Route(.put, path + "/{name}", put),
            Route(.get, path + "/{name}", info),
            Route(.patch, path + "/{name}", describe),
            Route(.delete, path + "/{name}", delete),
            Route(.get, path + "/{name}/content", content),
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

    /// Source: RFC 7396; `description` is what can be changed, and null takes it away.
    @Sendable private func describe(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let patch = try await request.document(limit: configuration.maximumDocumentSize)
        let members = patch.objectValue ?? [:]
        guard members.count == 1, let description = members["description"],
            description == .null || description.stringValue != nil
        else {
            throw APIError(
                .badRequest,
                "of an artifact only the description can be changed: send {\"description\": \"…\"}"
            )
        }
        return try .json(await artifacts.describe(context.name("name"), description.stringValue))
    }

    @Sendable private func content(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let name = try context.name("name")
        let info = try await artifacts.info(name)
        guard let size = info.size else {
            throw APIError(.badRequest, "artifact \"\(name)\" is a directory, which is no file to download")
        }
        let file = FileReply(
            path: try artifacts.path(of: name),
            size: size,
            entityTag: info.digest?.description,
            headers: [.contentType: "application/octet-stream", .xContentTypeOptions: "nosniff"]
        )
        return try await file.reply(request, context) { headers in
            APIError(
                .rangeNotSatisfiable,
                "the artifact has \(size) bytes; the range lies outside of them",
                headers: headers
            )
        }
    }

    @Sendable private func delete(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let name = try context.name("name")
        try await artifacts.delete(name)
        return try .message("Artifact \(name) was deleted")
    }
}
