import OCI
import Transfer

/// A registry by the name that references use for it, with what Docker Hub does differently.
struct RegistryHost: Sendable, Hashable {
    /// `host` or `host:port` as in a reference; Docker Hub is always `docker.io`.
    let name: String

    init(_ name: String) {
        self.name = Self.hubNames.contains(name) ? "docker.io" : name
    }

    private static let hubNames: Set<String> = ["docker.io", "index.docker.io", "registry-1.docker.io"]

    var isHub: Bool { name == "docker.io" }

    /// The host that speaks the protocol.
    var endpoint: String { isHub ? "registry-1.docker.io" : name }

    /// A repository as the registry knows it: Docker Hub's official images are below `library/`.
    func repository(_ name: String) -> String {
        isHub && !name.contains("/") ? "library/" + name : name
    }

    /// The keys under which Docker and Podman keep credentials for this registry, most usual first.
    var credentialKeys: [String] {
        isHub
            ? ["https://index.docker.io/v1/", "docker.io", "index.docker.io", "registry-1.docker.io"]
            : [
                name, "https://\(name)", "https://\(name)/", "https://\(name)/v1/", "https://\(name)/v2/",
                "http://\(name)",
            ]
    }

    /// What a credential helper is asked for.
    var helperKey: String { isHub ? "https://index.docker.io/v1/" : name }

    var isLoopback: Bool {
        if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            return HTTPURL.isLoopback(host: String(name[...end]))
        }
        return HTTPURL.isLoopback(host: String(name.prefix { $0 != ":" }))
    }
}
