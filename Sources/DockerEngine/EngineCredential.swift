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
        let pairs = credentials.map { credential -> (String, JSONValue) in
            // The name under which Docker knows its own registry.
            let server = credential.host == "docker.io" ? "https://index.docker.io/v1/" : credential.host
            var fields: [String: JSONValue] = ["serveraddress": .string(server)]
            switch credential.secret {
            case .password(let user, let password):
                fields["username"] = .string(user)
                fields["password"] = .string(password)
            case .identityToken(let token): fields["identitytoken"] = .string(token)
            case .accessToken(let token): fields["registrytoken"] = .string(token)
            }
            return (server, .object(fields))
        }
        let document = JSONValue.object(Dictionary(pairs) { first, _ in first })
        return try CanonicalJSON.encode(document).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_")
    }
}
