import CSwaggerUI
import HTTPTypes
import NIOCore

/// Swagger UI on this server's own document, with everything that it loads on board.
enum DocumentationPage {
    static let index = file(ByteBuffer(bytes: PackageResources.index_html), "text/html; charset=utf-8")

    /// What the page loads, by name.
    static let files: [String: FixedReply] = [
        "initializer.js": file(ByteBuffer(bytes: PackageResources.initializer_js), "text/javascript; charset=utf-8"),
        "swagger-ui.css": file(bytes(swagger_ui_style()), "text/css; charset=utf-8"),
        "swagger-ui-bundle.js": file(bytes(swagger_ui_bundle()), "text/javascript; charset=utf-8"),
        "favicon-32x32.png": file(bytes(swagger_ui_icon()), "image/png"),
        "LICENSE": file(bytes(swagger_ui_license()), "text/plain; charset=utf-8"),
    ]

    /// Nothing from elsewhere, and no frame around it. Swagger UI sets styles on its elements and has pictures as `data:`.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static func file(_ body: ByteBuffer, _ type: String) -> FixedReply {
        FixedReply(body, type: type, headers: [.contentSecurityPolicy: policy, .referrerPolicy: "no-referrer"])
    }

    private static func bytes(_ file: swagger_ui_file) -> ByteBuffer {
        ByteBuffer(bytes: UnsafeBufferPointer(start: file.bytes, count: file.size))
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
}
