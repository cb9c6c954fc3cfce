import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Lets only requests through that have one of the server's tokens: as `Bearer`, or for the registry as the password of
/// `Basic`, which is what container clients send.
///
/// What tells nothing of models is open to everybody: the health check and the documentation. Clients learn from them
/// whether a token is right, so a wrong one is refused there, too. Sources: RFC 6750, RFC 7617, and ODAHU's client, whose
/// login asks `/health`.
struct TokenAuthentication: RouterMiddleware {
    typealias Context = APIRequestContext

    var tokens: AccessTokens

    func handle(
        _ request: Request,
        context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let isRegistry = path == "/v2" || path.hasPrefix("/v2/")
        guard let field = request.headers[.authorization] else {
            if Self.isOpen(path) { return try await next(request, context) }
            throw Self.refusal("Credentials are missed", nil, isRegistry: isRegistry)
        }
        guard let token = Self.token(in: field, allowsBasic: isRegistry), tokens.contains(token) else {
            throw Self.refusal("Credentials are not correct", "invalid_token", isRegistry: isRegistry)
        }
        return try await next(request, context)
    }

    private static func isOpen(_ path: String) -> Bool {
        path == "/" || path == "/health" || path == "/swagger" || path.hasPrefix("/swagger/")
    }

    /// The token of `Bearer TOKEN`, or the password of `Basic BASE64`.
    private static func token(in field: String, allowsBasic: Bool) -> String? {
        let words = field.split(separator: " ")
        guard words.count == 2 else { return nil }
        switch words[0].lowercased() {
        case "bearer": return String(words[1])
        case "basic" where allowsBasic:
            guard let data = Data(base64Encoded: String(words[1])),
                let separator = data.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            return String(decoding: data[data.index(after: separator)...], as: UTF8.self)
        default: return nil
        }
    }

    private static func refusal(_ reason: String, _ code: String?, isRegistry: Bool) -> any Error {
        if isRegistry {
            return RegistryError(
                code: .unauthorized,
                description: "\(reason): log in with any user name and a token of this server as the password",
                status: .unauthorized,
                detail: [:],
                headers: [.wwwAuthenticate: "Basic realm=\"packager\", charset=\"UTF-8\""]
            )
        }
        return APIError(
            .unauthorized,
            "\(reason): send a token of this server, Authorization: Bearer TOKEN",
            headers: [.wwwAuthenticate: "Bearer realm=\"packager\"\(code.map { ", error=\"\($0)\"" } ?? "")"]
        )
    }
}
