import FileSystem
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// A server that wants a token, as ODAHU's client, our own and a container client meet it.
    @Suite struct Login {
        private static let good = "s3cret-of-the-ci"

        private let world: World
        private let directory: FilePath

        init() throws {
            world = try World.current
            directory = world.directory.appending("login")
        }

        private func withServer(_ body: @Sendable (PackagerServer) async throws -> Void) async throws {
            try directory.createDirectories()
            let tokens = directory.appending("tokens")
            try tokens.writeAtomically("# of the CI\n\(Self.good)\n".utf8)
            let log = directory.appending("server.log")
            try await withPackagerServer(
                data: directory.appending("data"),
                port: world.sparePort,
                log: log,
                flags: ["--token-file", tokens.string],
                body
            )
            let said = String(decoding: try log.readAll(), as: UTF8.self)
            #expect(said.contains("/connection") && !said.contains(Self.good) && !said.contains("wr0ng"))
        }

        @Test func ofODAHUsClient() async throws {
            try await withServer { server in
                let client = try await ODAHUClient(in: directory)
                let place = "--url \(server.url)"
                // What a process has read of its configuration it does not read again.
                var answers: [ODAHUClient.Answer] = []
                for lines in [
                    ["conn \(place) get"], ["login \(place) --token wr0ng"], ["login \(place) --token \(Self.good)"],
                    ["conn get --id store -o jsonpath=$[0].spec.type", "conn \(place) --token wr0ng get"],
                    ["logout"], ["conn \(place) get"],
                ] {
                    answers += try await client.run(all: lines)
                }
                guard answers.count == 7 else { throw EndToEndError("\(answers)") }
                for refused in [0, 1, 4, 6] { #expect(answers[refused].status == 1, "\(answers[refused])") }
                for (refused, words) in [(0, "missed"), (1, "not correct"), (4, "not correct"), (6, "missed")] {
                    let output = answers[refused].output
                    #expect(output.contains("Credentials are \(words)."), "\(refused): \(output)")
                }
                #expect(answers[2].status == 0 && answers[2].line == "Success! Credentials have been saved.")
                #expect(answers[3].line == "file", "\(answers[3])")
            }
        }

        @Test func ofOurs() async throws {
            try await withServer { server in
                let configuration = directory.appending("config.toml")
                func packager(_ arguments: String..., input: String = "") async throws -> CommandResult {
                    try await command(
                        "packager",
                        arguments,
                        environment: ["PACKAGER_CONFIG": configuration.string],
                        input: input
                    )
                }
                let bad = try await packager("login", "--url", server.url, "--token", "wr0ng")
                #expect(bad.status == .exited(1) && bad.output.isEmpty)
                #expect(bad.error.hasPrefix("Error: Credentials are not correct ("), "\(bad.error)")
                let none = try await packager("login", "--url", server.url)
                #expect(none.status == .exited(1) && none.error.contains("Credentials are missed"), "\(none.error)")
                #expect(!configuration.exists)

                let good = try await packager("login", "--url", server.url, "--token-stdin", input: Self.good + "\n")
                try #expect(good.succeeded().line == "Success! Credentials have been saved.")
                #expect(good.error.isEmpty, "\(good.error)")
                try #expect(await packager("conn", "get", "-o", "name").succeeded().output.contains("store"))
                try await packager("logout").succeeded()
                let refused = try await packager("conn", "get")
                #expect(refused.status == .exited(1) && refused.error.contains("packager login --url"))
            }
        }

        /// The password is in the header that the client is asked for.
        @Test func ofAContainerClient() async throws {
            try await withServer { server in
                let host = String(server.url.dropFirst("http://".count))
                func skopeo(_ token: String) async throws -> CommandResult {
                    try await command(
                        "skopeo",
                        ["login", "--tls-verify=false", "--username", "any", "--password-stdin", host],
                        environment: ["REGISTRY_AUTH_FILE": directory.appending("auth.json").string],
                        input: token
                    )
                }
                try await skopeo(Self.good).succeeded()
                let refused = try await skopeo("wr0ng")
                #expect(
                    refused.status != .exited(0) && refused.error.contains("invalid username/password"),
                    "\(refused.error)"
                )
                try #expect(await http("GET", "\(server.url)/connection").status == 401)
            }
        }
    }
}
