import Hummingbird
import PackagerCore

/// What ODAHU's clients ask about the server and themselves.
struct InformationRoutes: Sendable {
    var service: PackagerService
    var configuration: APIConfiguration

    func routes(at path: String) -> [Route] {
        [
            Route(.get, path + "/configuration", getConfiguration),
            Route(.get, path + "/user/info", getUser),
        ]
    }

    /// The part of ODAHU's `Config` that has a meaning here; nothing in it is secret.
    @Sendable private func getConfiguration(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        return try .json(["packaging": service.packagingDefaults])
    }

    /// The server knows no users; a bearer token's own claims say who a proxy has let through. A token that is the
    /// server's own says nothing of who has it.
    @Sendable private func getUser(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        if configuration.tokens != nil { return try .json(UserClaims.anonymous) }
        return try .json(UserClaims(bearer: request) ?? .anonymous)
    }
}
