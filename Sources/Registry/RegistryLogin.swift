import FileSystem
import FoundationEssentials
import HTTPTypes
import JSON
package import SystemPackage

/// Keeps credentials in a file as `docker login` does: in the file's credential helper where it names one.
package struct RegistryLogin: Sendable {
    private let file: FilePath
    private let environment: [String: String]

    /// - Parameter file: a `config.json`; made when it is not there.
    package init(file: FilePath, environment: [String: String]) {
        self.file = file
        self.environment = environment
    }

    /// - Throws: ``RegistryError`` `credentials`, `FileSystemError`.
    package func store(_ credential: RegistryCredential, for name: String) async throws {
        let host = RegistryHost(name)
        var document = try read()
        if let helper = helper(for: host, in: document) {
            try await helper.store(credential, for: host.helperKey)
            document.auths[host.helperKey] = [:]
        } else {
            document.auths[host.helperKey] = Self.entry(credential)
        }
        try write(document)
    }

    /// - Returns: whether there was something to forget.
    package func erase(_ name: String) async throws -> Bool {
        let host = RegistryHost(name)
        guard file.exists else { return false }
        var document = try read()
        var found = false
        if let helper = helper(for: host, in: document), try await helper.credential(for: host.helperKey) != nil {
            try await helper.erase(host.helperKey)
            found = true
        }
        for key in host.credentialKeys where document.auths.removeValue(forKey: key) != nil { found = true }
        if found { try write(document) }
        return found
    }

    private struct Document {
        var members: [String: JSONValue]
        var auths: [String: JSONValue]
    }

    private func helper(for host: RegistryHost, in document: Document) -> CredentialHelper? {
        let name =
            host.credentialKeys.lazy.compactMap { document.members["credHelpers"]?[$0]?.stringValue }.first
            ?? document.members["credsStore"]?.stringValue
        guard let name, !name.isEmpty else { return nil }
        return CredentialHelper(name, environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", environment)
    }

    private func read() throws -> Document {
        guard file.exists else { return Document(members: [:], auths: [:]) }
        let bytes = try file.readAll(limit: 4 << 20)
        guard let value = try? CanonicalJSON.decode(JSONValue.self, from: Data(bytes)), let members = value.objectValue
        else {
            throw RegistryError(.credentials, "", "\(file) cannot be changed: it is not a JSON object")
        }
        return Document(members: members, auths: members["auths"]?.objectValue ?? [:])
    }

    private func write(_ document: Document) throws {
        var members = document.members
        members["auths"] = .object(document.auths)
        try file.removingLastComponent().createDirectories(mode: .ownerReadWriteExecute)
        try file.writeAtomically(CanonicalJSON.encode(JSONValue.object(members)), permissions: .ownerReadWrite)
    }

    private static func entry(_ credential: RegistryCredential) -> JSONValue {
        switch credential.secret {
        case .password(let user, let password):
            ["auth": .string(Data("\(user):\(password)".utf8).base64EncodedString())]
        case .identityToken(let token): ["identitytoken": .string(token)]
        case .accessToken(let token): ["registrytoken": .string(token)]
        }
    }
}

extension RegistryClient {
    /// Asks a registry whether it takes the client's credentials for it.
    ///
    /// - Throws: ``RegistryError`` `unauthorized`.
    package func checkLogin(to name: String) async throws {
        let call = RegistryCall(method: .get, target: .path("/v2/"), scopes: [], operation: "log in")
        _ = try await send(call, RegistryHost(name), expecting: [200])
    }
}
