package import HTTPTypes
import Hummingbird

/// One operation: a method on a path, and what answers it.
package struct Route: Sendable {
    typealias Handler = @Sendable (Request, APIRequestContext) async throws -> Response

    package var method: HTTPRequest.Method
    /// As in the OpenAPI document: `/packaging/{id}`.
    package var path: String
    var handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }
}

extension Router<APIRequestContext> {
    /// Registers routes, and answers every other method on their paths with 405 and `Allow`.
    ///
    /// `HEAD` is left to the router, which makes it from `GET`.
    func add(_ routes: [Route]) {
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            for route in routes { on(RouterPath(path), method: route.method, use: route.handler) }
            let methods = Set(routes.map(\.method))
            let allowed = methods.contains(.get) ? methods.union([.head]) : methods
            let allow = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in HTTPRequest.Method.common.subtracting(allowed) {
                on(RouterPath(path), method: method) { request, _ -> Response in
                    throw APIError(
                        .methodNotAllowed,
                        "\(request.method.rawValue) is not possible on \(request.uri.path); what is: \(allow)",
                        headers: [.allow: allow]
                    )
                }
            }
        }
    }
}

extension HTTPRequest.Method {
    /// Those that have a meaning for any resource. Source: RFC 9110, section 9, and its registry of methods.
    static let common: Set<HTTPRequest.Method> = {
        let names = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]
        return Set(names.compactMap { HTTPRequest.Method($0) })
    }()
}
