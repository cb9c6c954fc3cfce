import HTTPTypes
package import Logging
package import OCI
package import Transfer

/// The client side of the OCI distribution specification; one for each set of credentials.
package struct RegistryClient: Sendable {
    package struct Options: Sendable {
        /// Registries (`host[:port]`) that are spoken to without TLS. On loopback both ways are tried.
        package var plainHTTP: Set<String> = []
        /// The largest manifest that is read, in bytes.
        package var manifestLimit = 8 << 20

        package init() {}
    }

    let http: HTTPClient
    let authenticator: Authenticator
    let options: Options
    let logger: Logger

    package init(http: HTTPClient, credentials: any CredentialStore, options: Options = Options(), logger: Logger) {
        self.http = http
        self.options = options
        self.logger = logger
        let plainHTTP = Set(options.plainHTTP.map { RegistryHost($0).name })
        authenticator = Authenticator(http: http, credentials: credentials, plainHTTP: plainHTTP)
    }

    /// The repository that a reference names; its tag and digest are of no account.
    package func repository(for reference: ImageReference) -> RegistryRepository {
        let host = RegistryHost(reference.resolvedHost)
        return RegistryRepository(client: self, host: host, name: host.repository(reference.repository))
    }
}
