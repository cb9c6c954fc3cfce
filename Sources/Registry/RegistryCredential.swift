import Crypto
import FoundationEssentials

/// How to prove who one is to a registry. Never printed.
package struct RegistryCredential: Sendable, Hashable {
    package enum Secret: Sendable, Hashable {
        case password(user: String, String)
        /// Docker's identity token: traded for access tokens at the token service.
        case identityToken(String)
        /// A ready access token.
        case accessToken(String)
    }

    package var secret: Secret
    /// Where it comes from, for messages: "the connection", "~/.docker/config.json".
    package var source: String

    package init(_ secret: Secret, source: String) {
        self.secret = secret
        self.source = source
    }

    package init(user: String, password: String, source: String) {
        self.init(.password(user: user, password), source: source)
    }

    /// The value of an `Authorization` header where the secret is a password.
    var basic: String? {
        guard case .password(let user, let password) = secret else { return nil }
        return "Basic " + Data((user + ":" + password).utf8).base64EncodedString()
    }
}

/// Where credentials for registries are looked up.
package protocol CredentialStore: Sendable {
    /// - Parameters:
    ///   - host: as in a reference; Docker Hub is `docker.io`.
    ///   - repository: some stores keep other credentials for parts of a registry.
    /// - Returns: nil when the store has none: the registry is asked without.
    func credential(host: String, repository: String) async throws -> RegistryCredential?
}

/// Credentials known beforehand, such as those of a connection.
package struct StaticCredentials: CredentialStore {
    private var credentials: [String: RegistryCredential]

    /// - Parameter credentials: by host, as in a reference.
    package init(_ credentials: [String: RegistryCredential] = [:]) {
        self.credentials = Dictionary(credentials.map { (RegistryHost($0.key).name, $0.value) }) { first, _ in first }
    }

    package func credential(host: String, repository: String) -> RegistryCredential? { credentials[host] }
}

/// Several stores; the first that has a credential wins.
package struct CredentialChain: CredentialStore {
    private var stores: [any CredentialStore]

    package init(_ stores: [any CredentialStore]) { self.stores = stores }

    package func credential(host: String, repository: String) async throws -> RegistryCredential? {
        for store in stores {
            if let found = try await store.credential(host: host, repository: repository) { return found }
        }
        return nil
    }
}
