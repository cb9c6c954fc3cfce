import HTTPTypes
import Hummingbird

/// Refuses changes that a page of another site has a browser send.
///
/// The server trusts whoever reaches its port, and a browser on this machine reaches a loopback port. Browsers name the
/// page's site in `Origin` on every request that is not a plain read; other clients send none.
struct CrossSiteGuard: RouterMiddleware {
    typealias Context = APIRequestContext

    func handle(
        _ request: Request,
        context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let reads = request.method == .get || request.method == .head
        if !reads, let origin = request.headers[.origin], site(of: origin) != request.head.authority {
            throw APIError(.forbidden, "access forbidden: a page of another site cannot change anything here")
        }
        return try await next(request, context)
    }

    /// `host:port` of `scheme://host:port`.
    private func site(of origin: String) -> String? {
        guard let separator = origin.firstRange(of: "://") else { return nil }
        return String(origin[separator.upperBound...])
    }
}
