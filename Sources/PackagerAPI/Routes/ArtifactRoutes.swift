import HTTPTypes
import Hummingbird
import JSON
import OCI
import PackagerCore

/// The local artifact store: upload of any size, list, info, versions, description, download, deletion.
struct ArtifactRoutes {
    var artifacts: ArtifactStore
    var inspector: ArtifactInspector
    var configuration: APIConfiguration

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path, list),
            Route(.put, path + "/{name}", put),
            Route(.get, path + "/{name}", info),
            Route(.patch, path + "/{name}", change),
            Route(.delete, path + "/{name}", delete),
            Route(.get, path + "/{name}/versions", versions),
            Route(.get, path + "/{name}/content", content),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await artifacts.list().map { ArtifactDocument($0) })
    }

    @Sendable private func put(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["digest", "description", "default"])
        let name = try context.name("name")
        let upload = UploadBody(
            name: name,
            body: request.body,
            length: request.headers[.contentLength].flatMap { Int64($0) },
            digests: try ExpectedDigests.all(in: request, query: query)
        )
        let info = try await artifacts.put(
            name,
            description: query.single("description"),
            becomesDefault: query.flag("default") ?? true,
            upload
        )
        return try .json(ArtifactDocument(info, await inspector.inspection(of: info)), status: .created)
    }

    @Sendable private func info(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let info = try await artifacts.info(context.name("name"))
        return try .json(ArtifactDocument(info, await inspector.inspection(of: info)))
    }

    @Sendable private func versions(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(await artifacts.versions(of: context.name("name")).map { ArtifactDocument($0) })
    }

    /// Source: RFC 7396; a description that is null is taken away.
    @Sendable private func change(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let name = try context.name("name")
        let change = try ArtifactChange(await request.document(limit: configuration.maximumDocumentSize))
        var info = try await artifacts.info(name)
        if let number = change.defaultVersion { info = try await artifacts.setDefault(name, to: number) }
        if let description = change.description { info = try await artifacts.describe(name, description) }
        return try .json(ArtifactDocument(info, await inspector.inspection(of: info)))
    }

    @Sendable private func content(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let info = try await artifacts.info(context.name("name"))
        guard let size = info.size else {
            throw APIError(.badRequest, "artifact \"\(info.name)\" is a directory, which is no file to download")
        }
        let file = FileReply(
            path: info.path,
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

/// What a request changes of an artifact: its description, its default version, or both.
private struct ArtifactChange {
    /// Nil where it stays; nil within for none.
    var description: String??
    var defaultVersion: Int?

    init(_ document: JSONValue) throws {
        let members = document.objectValue ?? [:]
        let isKnown = !members.isEmpty && members.keys.allSatisfy { ["description", "defaultVersion"].contains($0) }
        guard isKnown, read(members) else {
            throw APIError(
                .badRequest,
                "of an artifact the description and the default version can be changed: send {\"description\": \"…\"} or {\"defaultVersion\": 2}"
            )
        }
    }

    private mutating func read(_ members: [String: JSONValue]) -> Bool {
        if let value = members["description"] {
            guard value == .null || value.stringValue != nil else { return false }
            description = .some(value.stringValue)
        }
        if let value = members["defaultVersion"] {
            guard let number = value.integerValue.flatMap({ Int(exactly: $0) }), number > 0 else { return false }
            defaultVersion = number
        }
        return true
    }
}
