import Registry
import Synchronization

/// The authenticating half of a registry in a test server: hands out numbered tokens and checks them.
final class TokenRegistry: Sendable {
    struct Rules: Sendable {
        var service: String? = "registry"
        var lifetime: Int? = 300
        /// Tokens up to this number are refused.
        var refusedTokens = 0
        /// What the token service answers with in place of a token.
        var tokenAnswer: String?
    }

    let rules: Rules
    private let count = Mutex(0)

    init(_ rules: Rules = Rules()) { self.rules = rules }

    /// Answers token requests and requests without a good token.
    ///
    /// - Returns: whether the request is answered.
    func answers(_ request: TestRequest, _ connection: TestConnection) throws -> Bool {
        if request.path == "/token" {
            let number = count.withLock { count in
                count += 1
                return count
            }
            let lifetime = rules.lifetime.map { #", "expires_in": \#($0)"# } ?? ""
            try connection.drain()
            try connection.respond(200, text: rules.tokenAnswer ?? #"{"token": "t\#(number)"\#(lifetime)}"#)
            return true
        }
        let token = request.headers["authorization"].flatMap { Int($0.dropFirst("Bearer t".count)) }
        if let token, token > rules.refusedTokens { return false }
        let service = rules.service.map { #",service="\#($0)""# } ?? ""
        let host = request.headers["host"] ?? ""
        try connection.drain()
        try connection.respond(
            401,
            ["WWW-Authenticate": #"Bearer realm="http://\#(host)/token?a=b"\#(service),scope="repository:x:pull""#],
            text: #"{"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}"#
        )
        return true
    }
}

extension TestServer {
    /// Requests that are not the first look at the registry, as `METHOD path`.
    var calls: [String] { requests.map { "\($0.method) \($0.path)" }.filter { $0 != "GET /v2/" } }
}
