import Concurrency
import HTTPTypes
import Synchronization
import Transfer

/// Gives requests their `Authorization`: sessions and tokens are kept, and asked for once however many wait for them.
final class Authenticator: Sendable {
    struct Grant: Sendable {
        /// The value of `Authorization`; nil when the registry is asked without.
        var header: String?
        /// Where the credentials behind it come from.
        var source: String?
        var expiry: ContinuousClock.Instant?

        var isFresh: Bool { expiry.map { $0 > .now } ?? true }
    }

    private struct Key: Hashable, Sendable {
        var host: RegistryHost
        var scopes: [TokenScope]
    }

    private let http: HTTPClient
    private let credentials: any CredentialStore
    private let plainHTTP: Set<String>
    private let sessions = Mutex<[RegistryHost: RegistrySession]>([:])
    private let grants = Mutex<[Key: Grant]>([:])
    private let sessionFlight = SingleFlight<RegistryHost, RegistrySession>()
    private let grantFlight = SingleFlight<Key, Grant>()

    init(http: HTTPClient, credentials: any CredentialStore, plainHTTP: Set<String>) {
        self.http = http
        self.credentials = credentials
        self.plainHTTP = plainHTTP
    }

    func session(_ host: RegistryHost) async throws -> RegistrySession {
        if let known = sessions.withLock({ $0[host] }) { return known }
        return try await sessionFlight.value(for: host) { [self] in
            let session = try await RegistrySession.open(host, http: http, plainHTTP: plainHTTP)
            sessions.withLock { $0[host] = session }
            return session
        }
    }

    /// What allows a request with these scopes; the first scope names the repository that credentials are looked up for.
    func grant(_ host: RegistryHost, _ scopes: [TokenScope]) async throws -> Grant {
        let key = Key(host: host, scopes: scopes)
        if let known = grants.withLock({ $0[key] }), known.isFresh { return known }
        let session = try await session(host)
        return try await grantFlight.value(for: key) { [self] in
            let grant = try await make(host, scopes, session)
            grants.withLock { $0[key] = grant }
            return grant
        }
    }

    /// The registry refused this grant: the next request asks for another, by the challenge of the refusal.
    func discard(_ grant: Grant, _ host: RegistryHost, _ scopes: [TokenScope], challenges: [AuthenticationChallenge]) {
        grants.withLock { grants in
            let key = Key(host: host, scopes: scopes)
            if grants[key]?.header == grant.header { grants[key] = nil }
        }
        if !challenges.isEmpty { sessions.withLock { $0[host]?.challenges = challenges } }
    }

    private func make(_ host: RegistryHost, _ scopes: [TokenScope], _ session: RegistrySession) async throws -> Grant {
        guard let challenge = session.challenges.first(where: { $0.scheme == "bearer" || $0.scheme == "basic" }) else {
            return Grant()
        }
        let repository = scopes.first?.repository ?? ""
        let credential = try await credentials.credential(host: host.name, repository: repository)
        if case .accessToken(let token) = credential?.secret {
            return Grant(header: "Bearer " + token, source: credential?.source)
        }
        if challenge.scheme == "basic" { return Grant(header: credential?.basic, source: credential?.source) }
        let service = try TokenService(challenge, host: host, base: session.base, http: http)
        let token = try await service.token(scopes, credential: credential)
        return Grant(header: "Bearer " + token.value, source: credential?.source, expiry: token.expiry)
    }
}
