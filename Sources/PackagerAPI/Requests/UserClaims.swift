import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Who a request is from by the claims of its bearer token. The signature is not checked: a proxy in front of the server
/// does that. Source: RFC 7519, section 3.
struct UserClaims: Sendable, Hashable, Encodable {
    var username: String
    var email: String

    static let anonymous = UserClaims(username: "anonymous", email: "anonymous@email.org")

    init(username: String, email: String) {
        self.username = username
        self.email = email
    }

    /// - Returns: nil for a request without a bearer token.
    /// - Throws: ``APIError`` for a token that is no JWT.
    init?(bearer request: Request) throws {
        let words = (request.headers[.authorization] ?? "").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        let parts = words[1].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw APIError(.badRequest, "Malformed JWT: it has \(parts.count) parts, not header, payload and signature")
        }
        guard let payload = Data(base64URL: parts[1]),
            let claims = try? JSONDecoder().decode(Claims.self, from: payload)
        else { throw APIError(.badRequest, "Malformed JWT: the payload is not a JSON object in base64url") }
        self.init(username: claims.name ?? "", email: claims.email ?? "")
    }

    private struct Claims: Decodable {
        var name: String?
        var email: String?
    }
}

extension Data {
    /// Without padding. Source: RFC 4648, section 5.
    fileprivate init?(base64URL text: some StringProtocol) {
        var text = String(text).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        self.init(base64Encoded: text)
    }
}
