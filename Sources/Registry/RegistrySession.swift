import HTTPTypes
import Transfer

/// What a first request (`GET /v2/`) tells of a registry: the scheme that works and how it authenticates.
struct RegistrySession: Sendable {
    var base: HTTPURL
    var challenges: [AuthenticationChallenge]

    /// Asks the registry. No credentials go with it, so trying plain HTTP first on loopback gives nothing away.
    static func open(_ host: RegistryHost, http: HTTPClient, plainHTTP: Set<String>) async throws -> RegistrySession {
        if plainHTTP.contains(host.name) { return try await ping(host, "http", http) }
        guard host.isLoopback else { return try await ping(host, "https", http) }
        do {
            return try await ping(host, "http", http)
        } catch let error as RegistryError where error.code == .wrongScheme || error.mayBeTLS {
            do {
                return try await ping(host, "https", http)
            } catch let second as RegistryError where second.code == .wrongScheme {
                throw error
            }
        }
    }

    private static func ping(_ host: RegistryHost, _ scheme: String, _ http: HTTPClient) async throws -> RegistrySession
    {
        let url = try HTTPURL("\(scheme)://\(host.endpoint)/v2/")
        let response: HTTPBufferedResponse
        do {
            response = try await http.send(TransferRequest(url: url.text), limit: 1 << 20)
        } catch let error as TransferError {
            throw RegistryError(error, registry: host.name)
        }
        let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
        if response.head.status.code == 400, text.contains("to an HTTPS server") || text.contains("to HTTPS port") {
            throw RegistryError.speaksTLS(host.name)
        }
        let challenges = AuthenticationChallenge.parse(response.head.headerFields[values: .wwwAuthenticate])
        switch response.head.status.code {
        case 401: break
        case 500..., 429,
            _ where RegistryError.isHTML(response):
            throw RegistryError(response, registry: host.name, operation: "say what it is", credentialSource: nil)
        default: break
        }
        return RegistrySession(base: url, challenges: challenges)
    }
}

extension RegistryError {
    /// Whether a server that speaks TLS may fail like this when it is spoken to in plain HTTP.
    fileprivate var mayBeTLS: Bool {
        transferCode == TransferError.Code.connectionReset.rawValue
            || transferCode == TransferError.Code.malformedResponse.rawValue
    }
}
