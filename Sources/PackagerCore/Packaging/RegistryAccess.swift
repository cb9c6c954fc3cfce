package import Logging
package import OCI
package import Registry
package import Transfer

/// How registries are visited.
package struct RegistryAccess: Sendable {
    package var credentials: any CredentialStore
    /// Hosts that are spoken to without TLS.
    package var plainHTTP: Set<String>

    package init(credentials: any CredentialStore, plainHTTP: Set<String> = []) {
        self.credentials = credentials
        self.plainHTTP = plainHTTP
    }

    /// The repository of a reference in its registry.
    package func repository(_ reference: ImageReference, over http: HTTPClient, logger: Logger) -> RegistryRepository {
        var options = RegistryClient.Options()
        options.plainHTTP = plainHTTP
        return RegistryClient(http: http, credentials: credentials, options: options, logger: logger)
            .repository(for: reference)
    }
}
