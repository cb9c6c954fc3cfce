import DockerEngine
import OCI
import Registry

extension RegistryAccess {
    /// What a Docker engine is given to pull an image by itself; nil for an anonymous visit.
    func engineCredential(for reference: ImageReference) async throws -> EngineCredential? {
        let host = reference.resolvedHost
        let known = try await credentials.credential(host: host, repository: reference.repository)
        let secret: EngineCredential.Secret? =
            switch known?.secret {
            case .password(let user, let password): .password(user: user, password)
            case .identityToken(let token): .identityToken(token)
            case .accessToken(let token): .accessToken(token)
            case nil: nil
            }
        return secret.map { EngineCredential(host: host, secret: $0) }
    }
}
