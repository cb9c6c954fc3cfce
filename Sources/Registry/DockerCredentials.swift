import FileSystem
import FoundationEssentials
import JSON
package import SystemPackage

/// The credentials that `docker login` and `podman login` keep: `config.json` and `auth.json`, with their helpers.
///
/// Source: docker/cli `cli/config/configfile`, containers-auth.json(5).
package struct DockerCredentials: CredentialStore {
    private let files: [FilePath]
    private let searchPath: String
    private let environment: [String: String]

    /// - Parameter environment: names the files: `REGISTRY_AUTH_FILE` alone where it is set, else `config.json` in
    ///   `DOCKER_CONFIG` or `~/.docker`, then `containers/auth.json` in `XDG_RUNTIME_DIR`. Helpers are found in its `PATH`.
    package init(environment: [String: String]) {
        self.environment = environment
        searchPath = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        if let file = environment["REGISTRY_AUTH_FILE"], !file.isEmpty {
            files = [FilePath(file)]
        } else {
            let docker =
                environment["DOCKER_CONFIG"].map { FilePath($0) }
                ?? environment["HOME"].map { FilePath($0).appending(".docker") }
            let podman = environment["XDG_RUNTIME_DIR"].map { FilePath($0).appending("containers/auth.json") }
            files = [docker?.appending("config.json"), podman].compactMap { $0 }
        }
    }

    /// The credentials of one file.
    package init(file: FilePath, environment: [String: String]) {
        self.environment = environment
        searchPath = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        files = [file]
    }

    package init() { self.init(environment: ProcessInfo.processInfo.environment) }

    package func credential(host name: String, repository: String) async throws -> RegistryCredential? {
        let host = RegistryHost(name)
        for file in files where file.exists {
            let configuration = try await read(file)
            if let found = try await lookUp(host, repository, in: configuration, file) { return found }
        }
        return nil
    }

    private func read(_ file: FilePath) async throws -> JSONValue {
        let bytes = try await blocking { try file.readAll(limit: 4 << 20) }
        do {
            return try CanonicalJSON.decode(from: Data(bytes))
        } catch {
            throw RegistryError(.credentials, "", "the credentials in \(file) cannot be read: it is not JSON")
        }
    }

    private func lookUp(
        _ host: RegistryHost,
        _ repository: String,
        in configuration: JSONValue,
        _ file: FilePath
    ) async throws -> RegistryCredential? {
        for key in host.credentialKeys {
            guard let helper = configuration["credHelpers"]?[key]?.stringValue else { continue }
            return try await CredentialHelper(helper, searchPath, environment).credential(for: host.helperKey)
        }
        if let store = configuration["credsStore"]?.stringValue, !store.isEmpty {
            let helper = CredentialHelper(store, searchPath, environment)
            // A configuration carried to another machine names the helper of the first; the entries still count.
            if helper.exists, let found = try await helper.credential(for: host.helperKey) { return found }
        }
        for key in scopedKeys(host.name, repository) + host.credentialKeys {
            guard let entry = configuration["auths"]?[key] else { continue }
            if let secret = try secret(of: entry, host, file) { return RegistryCredential(secret, source: "\(file)") }
        }
        return nil
    }

    /// Podman's keys for parts of a registry, the most specific first: `host/a/b`, `host/a`.
    private func scopedKeys(_ host: String, _ repository: String) -> [String] {
        let parts = repository.split(separator: "/")
        return (0..<parts.count).map { host + "/" + parts.dropLast($0).joined(separator: "/") }
    }

    private func secret(
        of entry: JSONValue,
        _ host: RegistryHost,
        _ file: FilePath
    ) throws -> RegistryCredential.Secret? {
        if let token = entry["identitytoken"]?.stringValue, !token.isEmpty { return .identityToken(token) }
        if let token = entry["registrytoken"]?.stringValue, !token.isEmpty { return .accessToken(token) }
        if let user = entry["username"]?.stringValue, !user.isEmpty, let password = entry["password"]?.stringValue {
            return .password(user: user, password)
        }
        guard let encoded = entry["auth"]?.stringValue, !encoded.isEmpty else { return nil }
        let parts = Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let parts, parts.count == 2 else {
            throw RegistryError(
                .credentials,
                host.name,
                "the entry for \(host.name) in \(file) cannot be read: log in again"
            )
        }
        // Docker has padded passwords with zero bytes.
        return .password(user: String(parts[0]), String(parts[1].filter { $0 != "\0" }))
    }
}
