import FoundationEssentials
package import SystemPackage
package import Transfer

/// Where a Docker engine listens, as `DOCKER_HOST` names it.
///
/// Source: docker(1), "Environment variables".
package struct EngineAddress: Sendable, Hashable, CustomStringConvertible {
    package enum Transport: Sendable, Hashable {
        case unixSocket(FilePath)
        /// `host:port`; nil for plain HTTP.
        case tcp(String, TLSIdentity?)
    }

    package var transport: Transport

    /// Docker's own default.
    package static let `default` = EngineAddress(transport: .unixSocket("/var/run/docker.sock"))

    private init(transport: Transport) { self.transport = transport }

    /// - Parameters:
    ///   - text: `unix:///PATH`, `/PATH` or `tcp://HOST[:PORT]`.
    ///   - environment: with `DOCKER_TLS_VERIFY` or `DOCKER_CERT_PATH` in it, TCP is spoken over TLS, by the `cert.pem`,
    ///     `key.pem` and `ca.pem` of that directory (default: `~/.docker`); the engine's certificate is always verified.
    /// - Throws: ``EngineError`` `invalidAddress`.
    package init(_ text: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        if text.hasPrefix("/") || text.hasPrefix("unix:///") {
            let path = text.hasPrefix("/") ? text[...] : text.dropFirst("unix://".count)
            // `sockaddr_un` has room for no more.
            guard path.utf8.count < 108, path.utf8.count > 1 else { throw Self.invalid(text) }
            transport = .unixSocket(FilePath(String(path)))
            return
        }
        guard let scheme = ["tcp", "http", "https"].first(where: { text.hasPrefix("\($0)://") }) else {
            throw Self.invalid(text)
        }
        let identity = scheme == "http" ? nil : Self.identity(in: environment)
        if scheme == "https", identity == nil {
            throw EngineError(
                .invalidAddress,
                "the Docker engine \(text) speaks TLS: set DOCKER_CERT_PATH to the directory of cert.pem, key.pem and ca.pem"
            )
        }
        var authority = text.dropFirst(scheme.count + 3)
        if authority.last == "/" { authority.removeLast() }
        let hasPort = authority.last?.isNumber == true && authority.split(separator: "]").last?.contains(":") == true
        let address = hasPort ? String(authority) : "\(authority):\(identity == nil ? 2375 : 2376)"
        guard !authority.isEmpty, !authority.contains(where: { "/@?# ".contains($0) }),
            let url = try? HTTPURL("http://\(address)/"), url.path == "/"
        else { throw Self.invalid(text) }
        transport = .tcp(address, identity)
    }

    package var description: String {
        switch transport {
        case .unixSocket(let path): "unix://\(path)"
        case .tcp(let address, _): "tcp://\(address)"
        }
    }

    private static func identity(in environment: [String: String]) -> TLSIdentity? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let given = value("DOCKER_CERT_PATH").map { FilePath($0) }
        guard given != nil || value("DOCKER_TLS_VERIFY") != nil else { return nil }
        let directory = given ?? FilePath(value("HOME") ?? "/").appending(".docker")
        return TLSIdentity(
            certificate: directory.appending("cert.pem"),
            key: directory.appending("key.pem"),
            authorities: directory.appending("ca.pem")
        )
    }

    private static func invalid(_ text: String) -> EngineError {
        EngineError(
            .invalidAddress,
            "\"\(text.prefix(200))\" is no address of a Docker engine: write it as unix:///var/run/docker.sock or tcp://HOST:PORT"
        )
    }
}
