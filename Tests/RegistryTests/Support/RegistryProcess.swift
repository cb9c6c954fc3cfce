import FileSystem
import Subprocess
import SystemPackage
import Testing
import Transfer

/// CNCF Distribution's own registry on a free loopback port, with its state in a temporary directory.
struct RegistryProcess: Sendable {
    /// `127.0.0.1:port`
    let address: String
    /// Every request that the registry has answered, as it logs them.
    private let logFile: FilePath

    /// Runs for the time of `body`.
    ///
    /// - Parameter users: names and passwords; nil for a registry that asks for none.
    static func with(users: [String: String]? = nil, _ body: (RegistryProcess) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let port = try await TestServer.with({ _, _ in }, body: { $0.port })
            let configuration = directory.appending("config.yml")
            var text = """
                version: 0.1
                log: {level: info, accesslog: {disabled: false}}
                storage: {filesystem: {rootdirectory: \(directory.appending("data"))}, delete: {enabled: true}}
                http: {addr: "127.0.0.1:\(port)"}

                """
            if let users {
                let passwords = directory.appending("htpasswd")
                try passwords.writeAtomically(Array(try await hashes(of: users).utf8))
                text += "auth: {htpasswd: {realm: test, path: \(passwords)}}\n"
            }
            try configuration.writeAtomically(Array(text.utf8))
            let registry = RegistryProcess(address: "127.0.0.1:\(port)", logFile: directory.appending("log"))
            let log = try FileDescriptor.open(
                registry.logFile,
                .writeOnly,
                options: [.create, .append, .closeOnExec],
                permissions: .ownerReadWrite
            )
            _ = try await run(
                .name("docker-registry"),
                arguments: ["serve", configuration.string],
                input: .none,
                output: .fileDescriptor(log, closeAfterSpawningProcess: false),
                error: .fileDescriptor(log, closeAfterSpawningProcess: true)
            ) { execution in
                defer { try? execution.send(signal: .kill) }
                try await registry.waitUntilReady()
                try await body(registry)
            }
        }
    }

    /// `METHOD path` of each request so far, without queries.
    func requests() throws -> [String] {
        let lines = String(decoding: try logFile.readAll(), as: UTF8.self).split(separator: "\n")
        return lines.compactMap { line in
            let parts = line.split(separator: "\"")
            guard let request = parts.first(where: { $0.hasSuffix(" HTTP/1.1") }) else { return nil }
            let words = request.split(separator: " ")
            return "\(words[0]) \(words[1].prefix { $0 != "?" })"
        }
    }

    private static func hashes(of users: [String: String]) async throws -> String {
        var text = ""
        for (user, password) in users {
            let made = try await run(
                .name("htpasswd"),
                arguments: ["-Bbn", user, password],
                output: .string(limit: 4096)
            )
            text += made.standardOutput.filter { !$0.isWhitespace } + "\n"
        }
        return text
    }

    private func waitUntilReady() async throws {
        let client = try HTTPClient()
        for _ in 0..<500 {
            if (try? await client.send(TransferRequest(url: "http://\(address)/v2/"))) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the registry does not start")
    }
}
