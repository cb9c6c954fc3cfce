import FoundationEssentials
import HTTPTypes
import Hummingbird
package import JSON
import NIOCore
import YAML

/// The description of this API that is compiled in, and the health check.
struct DocumentationRoutes {
    func routes() -> [Route] {
        [
            Route(.get, "/health") { request, _ in try .json([String: String]()) },
            Route(.get, "/swagger/openapi.yaml") { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "application/yaml"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: OpenAPIDocument.yaml))
                )
            },
            Route(.get, "/swagger/data.json") { _, _ in try .json(OpenAPIDocument.value()) },
        ]
    }
}

/// `swagger/openapi.yaml`, compiled in.
package enum OpenAPIDocument {
    package static var yaml: [UInt8] { PackageResources.openapi_yaml }

    package static func value() throws -> JSONValue {
        try YAML.documents(in: String(decoding: yaml, as: UTF8.self)).first ?? .null
    }
}
