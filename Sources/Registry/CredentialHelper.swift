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
        let (isSuccess, output) = try await answer(of: path, to: "get", server)
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

    func store(_ credential: RegistryCredential, for server: String) async throws {
        let (user, secret) =
            switch credential.secret {
            case .password(let user, let password): (user, password)
            case .identityToken(let token), .accessToken(let token): ("<token>", token)
            }
        let request: JSONValue = ["ServerURL": .string(server), "Username": .string(user), "Secret": .string(secret)]
        try await tell("store", String(decoding: try CanonicalJSON.encode(request), as: UTF8.self), server)
    }

    func erase(_ server: String) async throws { try await tell("erase", server, server) }

    private func tell(_ verb: String, _ input: String, _ server: String) async throws {
        guard let path else {
            throw RegistryError(.credentials, server, "the credential helper \(program) is not installed")
        }
        guard try await answer(of: path, to: verb, input).0 else {
            throw RegistryError(.credentials, server, "the credential helper \(program) fails to \(verb) for \(server)")
        }
    }

    /// Runs the helper for five minutes at most: a person may have to unlock a key ring, or nobody is there to do it.
    private func answer(of path: FilePath, to verb: String, _ input: String) async throws -> (Bool, String) {
        let variables = Dictionary(
            environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        return try await withThrowingTaskGroup(of: (Bool, String)?.self) { group in
            group.addTask {
                let result = try await withAnonymousFile(holding: input) { input in
                    try await run(
                        .path(path),
                        arguments: [verb],
                        environment: .custom(variables),
                        input: .fileDescriptor(input, closeAfterSpawningProcess: false),
                        output: .string(limit: 1 << 16),
                        error: .discarded
                    )
                }
                return (result.terminationStatus.isSuccess, result.standardOutput)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(300))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else {
                throw RegistryError(.credentials, "", "the credential helper \(program) does not answer")
            }
            return answer
        }
    }
}
