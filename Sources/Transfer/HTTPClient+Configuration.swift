import Glibc
package import SystemPackage

extension HTTPClient {
    /// How the client connects and how long it waits. There is no limit on a whole transfer: only on silence.
    ///
    /// Proxies come from the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`) as with curl; loopback
    /// hosts are never asked for through one.
    package struct Configuration: Sendable {
        package var userAgent = "packager"
        /// For name resolution, connection and TLS together.
        package var connectTimeout: Duration = .seconds(30)
        /// The longest time in which less than 1 KiB moves while the server is the one to send or take bytes.
        package var idleTimeout: Duration = .seconds(60)
        /// The longest wait for an answer after a request's body has gone: a registry hashes a large blob in it.
        package var responseTimeout: Duration = .seconds(600)
        package var connectionsPerHost = 32
        package var connections = 128
        /// Certificates of authorities (PEM) that are trusted besides those of the system.
        package var caBundle: FilePath?
        /// Whether a server has to prove with its certificate who it is.
        package var verifiesCertificates = true

        package init() {
            caBundle = Self.environment("CURL_CA_BUNDLE") ?? Self.environment("SSL_CERT_FILE")
        }

        private static func environment(_ name: String) -> FilePath? {
            guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
            return FilePath(value)
        }

        /// `no_proxy` of the environment with the loopback hosts added.
        static let noProxy: String = {
            let given = (getenv("no_proxy") ?? getenv("NO_PROXY")).map { String(cString: $0) } ?? ""
            return given == "*" ? given : given + (given.isEmpty ? "" : ",") + "localhost,127.0.0.0/8,::1"
        }()
    }
}
