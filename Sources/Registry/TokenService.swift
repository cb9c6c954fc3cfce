import FoundationEssentials
import HTTPTypes
import JSON
import Transfer

/// What a token allows: `repository:NAME:pull,push`.
struct TokenScope: Sendable, Hashable, CustomStringConvertible {
    var repository: String
    var actions: String

    static func pull(_ repository: String) -> TokenScope { TokenScope(repository: repository, actions: "pull") }
    static func push(_ repository: String) -> TokenScope { TokenScope(repository: repository, actions: "pull,push") }

    var description: String { "repository:\(repository):\(actions)" }
}

/// The server that a Bearer challenge sends its clients to.
/// Source: CNCF Distribution, "Token Authentication Specification" and "OAuth2 Token Authentication".
struct TokenService: Sendable {
    struct Token: Sendable {
        var value: String
        var expiry: ContinuousClock.Instant
    }

    private let realm: HTTPURL
    private let service: String?
    private let host: RegistryHost
    private let http: HTTPClient

    /// - Throws: when the realm is one that credentials must not go to: a registry chooses it freely.
    init(_ challenge: AuthenticationChallenge, host: RegistryHost, base: HTTPURL, http: HTTPClient) throws {
        guard let text = challenge.parameters["realm"], let realm = try? base.resolving(text) else {
            throw RegistryError(
                .notARegistry,
                host.name,
                "registry \(host.name) asks for a token without saying where to get it"
            )
        }
        guard realm.scheme == "https" || base.scheme == "http" else {
            throw RegistryError(
                .unauthorized,
                host.name,
                "registry \(host.name) wants credentials sent to \(realm.address) in the clear; they are not"
            )
        }
        guard realm.host == base.host || !realm.isPrivateAddress || base.isPrivateAddress else {
            throw RegistryError(
                .unauthorized,
                host.name,
                "registry \(host.name) wants credentials sent to the private address \(realm.address); they are not"
            )
        }
        self.realm = realm
        service = challenge.parameters["service"]
        self.host = host
        self.http = http
    }

    func token(_ scopes: [TokenScope], credential: RegistryCredential?) async throws -> Token {
        let asked = ContinuousClock.now
        let response: HTTPBufferedResponse
        do {
            response = try await http.send(request(scopes, credential), limit: 1 << 20)
        } catch let error as TransferError {
            throw RegistryError(error, registry: host.name)
        }
        guard response.head.status.code == 200 else {
            throw RegistryError(
                response,
                registry: host.name,
                operation: "get a token from \(realm.address)",
                credentialSource: credential?.source
            )
        }
        let document: JSONValue? = try? CanonicalJSON.decode(from: Data(response.body))
        guard let value = document?["token"]?.stringValue ?? document?["access_token"]?.stringValue, !value.isEmpty
        else {
            throw RegistryError(
                .notARegistry,
                host.name,
                "\(realm.address) answers with no token for registry \(host.name)"
            )
        }
        // Sixty seconds is the specification's default. The own clock counts from the request: `issued_at` is another's.
        let lifetime = max(document?["expires_in"]?.integerValue ?? 60, 1)
        let skew = min(lifetime / 5, 30)
        return Token(value: value, expiry: asked + .seconds(lifetime - skew))
    }

    private func request(_ scopes: [TokenScope], _ credential: RegistryCredential?) throws -> TransferRequest {
        if case .identityToken(let token) = credential?.secret {
            let fields = [
                ("grant_type", "refresh_token"), ("service", service ?? host.endpoint), ("client_id", "packager"),
                ("scope", scopes.map(\.description).joined(separator: " ")), ("refresh_token", token),
            ]
            let form = fields.map { $0.queryEncoded + "=" + $1.queryEncoded }.joined(separator: "&")
            let headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            return TransferRequest(.post, url: realm.text, headers: headers, body: .bytes(Array(form.utf8)))
        }
        var url = realm
        if let service { url = try url.appendingQuery("service", service) }
        for scope in scopes { url = try url.appendingQuery("scope", scope.description) }
        var request = TransferRequest(url: url.text)
        if let basic = credential?.basic { request.headers[.authorization] = basic }
        return request
    }
}

extension HTTPURL {
    /// Whether the host is written as an address of this machine or of a private network. Source: RFC 1918, 3927, 4193.
    var isPrivateAddress: Bool {
        if isLoopback { return true }
        if host.hasPrefix("[") {
            return ["[fc", "[fd", "[fe8", "[fe9", "[fea", "[feb", "[::ffff:"].contains(where: host.hasPrefix)
        }
        let octets = host.split(separator: ".").compactMap { UInt8($0) }
        guard octets.count == 4 else { return false }
        return switch (octets[0], octets[1]) {
        case (0, _), (10, _), (127, _), (169, 254), (172, 16...31), (192, 168): true
        default: false
        }
    }
}
