import FileSystem
import FoundationEssentials
import JSON
import Subprocess
import SystemPackage

/// A program `docker-credential-NAME` that keeps credentials. Source: docker/docker-credential-helpers.
struct CredentialHelper: Sendable {
    private let program: String
    private let path: FilePath?
    private let environment: [String: String]

    /// - Parameter searchPath: directories separated by colons.
    init(_ name: String, _ searchPath: String, _ environment: [String: String]) {
        let program = "docker-credential-\(name)"
        self.program = program
        self.environment = environment
        path =
            name.contains("/")
            ? nil
            : searchPath.split(separator: ":").map { FilePath(String($0)).appending(program) }
                .first { (try? FileIdentity(of: $0).isExecutable) ?? false }
    }

    var exists: Bool { path != nil }

    /// - Returns: nil when the helper has none for this server.
    func credential(for server: String) async throws -> RegistryCredential? {
        guard let path else {
            throw RegistryError(.credentials, server, "the credential helper \(program) is not installed")
        }
        let (isSuccess, output) = try await answer(of: path, server)
        if !isSuccess {
            if output.contains("credentials not found") { return nil }
            throw RegistryError(.credentials, server, "the credential helper \(program) fails for \(server)")
        }
        guard let answer: JSONValue = try? CanonicalJSON.decode(from: Data(output.utf8)),
            let user = answer["Username"]?.stringValue, let secret = answer["Secret"]?.stringValue
        else {
            throw RegistryError(.credentials, server, "the credential helper \(program) answers with no credentials")
        }
        return RegistryCredential(
            user == "<token>" ? .identityToken(secret) : .password(user: user, secret),
            source: program
        )
    }

    /// Runs the helper for half a minute at most: it may wait for a key ring that nobody unlocks.
    private func answer(of path: FilePath, _ server: String) async throws -> (Bool, String) {
        let variables = Dictionary(
            environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        return try await withThrowingTaskGroup(of: (Bool, String)?.self) { group in
            group.addTask {
                let result = try await run(
                    .path(path),
                    arguments: ["get"],
                    environment: .custom(variables),
                    input: .string(server),
                    output: .string(limit: 1 << 16),
                    error: .discarded
                )
                return (result.terminationStatus.isSuccess, result.standardOutput)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else {
                throw RegistryError(.credentials, server, "the credential helper \(program) does not answer")
            }
            return answer
        }
    }
}
