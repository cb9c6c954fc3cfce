package import Registry

/// The credentials of a packaging's connections, by host.
package struct ConnectionCredentials: CredentialStore {
    private let byHost: [String: Credentials]

    package init(_ byHost: [String: Credentials] = [:]) {
        self.byHost = Dictionary(byHost.map { (Self.canonical($0.key), $0.value) }) { first, _ in first }
    }

    package func credentials(for host: String) -> Credentials? { byHost[Self.canonical(host)] }

    /// Docker Hub has several names.
    private static func canonical(_ host: String) -> String {
        ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"].contains(host) ? "docker.io" : host
    }
}

extension Connection {
    /// What a registry is told; nil for an anonymous connection.
    var credentials: Credentials? {
        guard let username = spec.username, let password = spec.password else { return nil }
        return .basic(username: username, password: password)
    }
}
