import HTTPTypes
import Hummingbird
import Logging

/// Gives each request its id, echoes it, and writes one line of the access log.
///
/// The line holds the path without its query, which may hold what is none of the log's business. This and all other
/// lines of the request say its id, and of which packaging it is.
struct RequestIdentification: RouterMiddleware {
    typealias Context = APIRequestContext

    func handle(
        _ request: Request,
        context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let id = request.headers[.requestID], Self.isUsable(id) { context.requestID = id }
        // In place of the framework's own id, which no client knows.
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request"] = .string(context.requestID)
        if let packaging = context.packagingID { context.logger[metadataKey: "packaging"] = .string(packaging) }

        let start = ContinuousClock.now
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        context.logger.info(
            "\(request.method.rawValue) \(request.uri.path) \(response.status.code)",
            metadata: ["ms": .stringConvertible((milliseconds * 10).rounded() / 10)]
        )
        return response
    }

    /// Only what cannot forge a log line or a header.
    private static func isUsable(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || "-._:+/=".utf8.contains(byte)
            }
    }
}

extension APIRequestContext {
    /// The id in the path of a packaging's own routes.
    fileprivate var packagingID: String? {
        guard let endpointPath, endpointPath.contains("/packaging/{id}") else { return nil }
        return try? name("id")
    }
}

extension HTTPField.Name {
    static let requestID = Self.known("X-Request-Id")
    static let contentDigest = Self.known("Content-Digest")
    static let digest = Self.known("Digest")
    static let dockerContentDigest = Self.known("Docker-Content-Digest")
    static let dockerDistributionVersion = Self.known("Docker-Distribution-Api-Version")

    /// A field name that is written in this source and is a token for certain.
    static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return field
    }
}
