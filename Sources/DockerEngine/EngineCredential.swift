import FoundationEssentials
import JSON

/// How an engine proves who it is to a registry that it pulls from. Never printed.
package struct EngineCredential: Sendable, Hashable {
    package enum Secret: Sendable, Hashable {
        case password(user: String, String)
        case identityToken(String)
        case accessToken(String)
    }

    /// The registry's host as in references; `docker.io` is Docker Hub.
    package var host: String
    package var secret: Secret

    package init(host: String, secret: Secret) {
        self.host = host
        self.secret = secret
    }

    /// The value of `X-Registry-Config`: base64 for URLs, of credentials by server. Source: Docker Engine API,
    /// "Authentication" and `POST /build`.
    static func header(_ credentials: [EngineCredential]) throws -> String {
        let pairs = credentials.map { ($0.server, $0.document) }
        return try encoded(.object(Dictionary(pairs) { first, _ in first }))
    }

    /// The value of `X-Registry-Auth`, for the one registry of a pull.
    var header: String {
        get throws { try Self.encoded(document) }
    }

    /// The name under which Docker knows its own registry.
    private var server: String { host == "docker.io" ? "https://index.docker.io/v1/" : host }

    private var document: JSONValue {
        var fields: [String: JSONValue] = ["serveraddress": .string(server)]
        switch secret {
        case .password(let user, let password):
            fields["username"] = .string(user)
            fields["password"] = .string(password)
        case .identityToken(let token): fields["identitytoken"] = .string(token)
        case .accessToken(let token): fields["registrytoken"] = .string(token)
        }
        return .object(fields)
    }

    private static func encoded(_ document: JSONValue) throws -> String {
        try CanonicalJSON.encode(document).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_")
    }
}
