import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// The description of this API, to read and for programs, and the health check.
struct DocumentationRoutes {
    func routes() -> [Route] {
        [
            Route(.get, "/health") { _, _ in try .json([String: String]()) },
            Route(.get, "/swagger") { _, _ in
                Response(status: .permanentRedirect, headers: [.location: "/swagger/index.html"])
            },
            Route(.get, "/swagger/index.html") { request, _ in DocumentationPage.index.reply(to: request) },
            Route(.get, "/swagger/openapi.yaml") { request, _ in Documents.yaml.reply(to: request) },
            Route(.get, "/swagger/openapi.json") { request, _ in try Documents.json.get().reply(to: request) },
            Route(.get, "/swagger/data.json") { request, _ in try Documents.swagger.get().reply(to: request) },
            Route(.get, "/swagger/{file}") { request, context in
                guard let file = try DocumentationPage.files[context.name("file")] else { throw HTTPError(.notFound) }
                return file.reply(to: request)
            },
        ]
    }
}

/// Made once, when they are first asked for.
private enum Documents {
    static let yaml = FixedReply(ByteBuffer(bytes: OpenAPIDocument.yaml), type: "application/yaml")
    static let json = Result { try reply(OpenAPIDocument.value()) }
    static let swagger = Result { try reply(SwaggerDocument(OpenAPIDocument.value()).value) }

    private static func reply(_ document: JSONValue) throws -> FixedReply {
        FixedReply(ByteBuffer(bytes: try JSONReply.encode(document)), type: JSONReply.contentType)
    }
}
