/// What a registry is told about who is asking.
package enum Credentials: Sendable, Hashable {
    case basic(username: String, password: String)
    /// An OAuth2 refresh token, as Docker's `identitytoken`.
    case identityToken(String)
}

/// Knows the credentials for a registry's host; nil for an anonymous visit.
package protocol CredentialStore: Sendable {
    func credentials(for host: String) async throws -> Credentials?
}
