import FileSystem
import FoundationEssentials
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// The commands that talk to a server, as a person or a CI job types them.
    @Suite struct CommandLineClient {
        private let world: World
        private let directory: FilePath

        init() throws {
            world = try World.current
            directory = world.directory.appending("client")
        }

        /// With the configuration of this suite in place of flags.
        private func packager(_ arguments: String..., input: String = "") async throws -> CommandResult {
            var environment = world.packagerEnvironment(data: world.server.data)
            environment["PACKAGER_CONFIG"] = directory.appending("config.toml").string
            return try await command("packager", arguments, environment: environment, input: input)
        }

        @Test func entitiesFromFilesAndBack() async throws {
            try directory.createDirectories()
            let login = try await packager("login", "--url", world.server.url, "--token-stdin", input: "s3cret\n")
            try #expect(login.succeeded().line == "Success! Credentials have been saved.")
            #expect(login.error.contains("takes any token"))
            let file = directory.appending("config.toml")
            #expect(try FileIdentity(of: file).mode & 0o777 == 0o600)
            let shown = try await packager("config", "show", "-o", "json").succeeded()
            #expect(!shown.output.contains("s3cret"))
            #expect(try shown.json.arrayValue?.first { $0["name"] == "url" }?["from"] == .string(file.string))

            let secret = Data("pass".utf8).base64EncodedString()
            let manifests = """
                {"kind": "Connection", "id": "cli-ci",
                 "spec": {"type": "docker", "uri": "h.test", "username": "u", "password": "\(secret)"}}
                ---
                {"kind": "ModelTraining", "id": "t"}
                ---
                {"kind": "PackagingIntegration", "id": "cli-rest",
                 "spec": {"entrypoint": "built-in", "defaultImage": "built-in"}}
                """
            let applied = try await packager("bulk", "apply", "-", input: manifests)
            #expect(applied.status == .exited(1))
            #expect(
                applied.line
                    == "Operation completed, created resources: 2 (Connection cli-ci, PackagingIntegration cli-rest)"
            )
            #expect(applied.error.contains("ModelTraining is a kind of ODAHU's"))

            let masked = try await packager("conn", "get", "--id", "cli-ci", "-o", "yaml").succeeded()
            #expect(masked.output.contains("*****") && masked.output.contains("kind: Connection"))
            // What was got is a manifest, and what is masked in it stays as it is.
            let edited = try await packager("conn", "edit", "-f", "-", input: masked.output).succeeded()
            #expect(edited.line == "Connection cli-ci was changed")
            let path = "jsonpath=$[0].spec.password"
            let open = try await packager("conn", "get", "--id", "cli-ci", "-d", "-o", path).succeeded()
            #expect(open.line == secret)
            let whole = try await packager("conn", "get", "--id", "cli-ci", "-d", "-o", "json").succeeded()
            let again = try await packager("conn", "create", "-f", "-", input: whole.output)
            #expect(again.status == .exited(1) && again.error.contains("packager connection edit"))
            try await packager("conn", "create", "--ignore-if-exists", "-f", "-", input: whole.output).succeeded()

            let names = try await packager("pi", "get", "-o", "name").succeeded()
            #expect(names.output.split(separator: "\n").contains("cli-rest"))
            let deleted = try await packager("bulk", "delete", "-", input: manifests)
            #expect(deleted.line.hasSuffix("removed resources: 2 (Connection cli-ci, PackagingIntegration cli-rest)"))
            let gone = try await packager("pi", "delete", "--id", "cli-rest")
            #expect(gone.status == .exited(1) && gone.error.contains("entity \"cli-rest\" is not found"))
            try await packager("pi", "delete", "--id", "cli-rest", "--ignore-not-found").succeeded()

            try await packager("logout").succeeded()
            let token = try await packager("config", "get", "token", "--show-secrets").succeeded()
            #expect(!token.output.contains("s3cret") && token.output.contains("from: default"))
        }

        @Test func artifactsGoUpAndComeBack() async throws {
            try directory.createDirectories()
            let url = ["--url", world.server.url]
            let file = directory.appending("note.bin")
            try file.writeAtomically([UInt8](repeating: 7, count: 3_000_000))
            let upload = ["artifact", "upload", file.string, "--name", "cli.bin", "--description", "a b&c"]
            try await command("packager", upload + url).succeeded()
            let list = try await command("packager", ["artifact", "list", "-o", "json"] + url).succeeded()
            let info = try list.json.arrayValue?.first { $0["name"] == "cli.bin" }
            #expect(info?["size"] == 3_000_000 && info?["description"] == "a b&c")
            try await command("packager", ["artifact", "describe", "cli.bin", "new"] + url).succeeded()
            let described = try await command("packager", ["artifact", "info", "cli.bin", "-o", "json"] + url)
                .succeeded()
            #expect(try described.json[0]?["description"] == "new")
            // Nobody can unpack it, and somebody says so.
            let sheet = try await command("packager", ["artifact", "info", "cli.bin"] + url).succeeded()
            #expect(sheet.output.hasPrefix("cli.bin@1, the default version\n"), "\(sheet.output)")
            #expect(sheet.output.contains("3.0 MB") && sheet.output.contains("  model "), "\(sheet.output)")
            let back = directory.appending("back.bin")
            try await command("packager", ["artifact", "download", "cli.bin", "--to", back.string, "-q"] + url)
                .succeeded()
            #expect(try back.readAll() == file.readAll())
            try await command("packager", ["artifact", "delete", "cli.bin"] + url).succeeded()
            let gone = try await command("packager", ["artifact", "get", "cli.bin"] + url)
            #expect(gone.status == .exited(1) && gone.error.contains("cli.bin"))
        }

        @Test func aLocalRunAsksTheServerForWhatTheFilesDoNotHold() async throws {
            try directory.appending("manifests").createDirectories()
            var packaging = world.packaging("local-wine")
            packaging.artifact = "nothing-yet.zip"
            var document = packaging.json.objectValue ?? [:]
            document["kind"] = "ModelPackaging"
            try directory.appending("manifests/pack.json").writeAtomically(
                CanonicalJSON.encode(JSONValue.object(document))
            )
            try world.gppi.artifact.copyForTest(to: directory.appending("manifests/local.zip"))
            let arguments = [
                "local", "pack", "run", "--id", "local-wine", "-d", directory.appending("manifests").string,
                "--artifact-name", "local.zip", "--quiet",
            ]
            // The connection "registry" is on the server only.
            let data = directory.appending("data")
            try data.createDirectories()
            // The wheels need not come again.
            let cache = world.server.data.appending("cache")
            if cache.exists { try await command("cp", ["-al", cache.string, data.string]).succeeded() }
            let environment = world.packagerEnvironment(data: data)
            let alone = try await command("packager", arguments, environment: environment)
            #expect(alone.status == .exited(1) && alone.error.contains("entity \"registry\" is not found"), "\(alone)")
            let url = ["--url", world.server.url]
            let pushed = try await command("packager", arguments + url, environment: environment).succeeded()
            #expect(pushed.output.contains("image: \(world.registry.host)/local-wine:1"))
            #expect(pushed.error.isEmpty, "\(pushed.error)")
            let kept = try await command(
                "packager",
                arguments + ["--disable-target", "docker-push"] + url,
                environment: environment
            ).succeeded()
            #expect(!kept.output.contains(world.registry.host), "\(kept.output)")
        }

        @Test func waitingEndsInTime() async throws {
            let url = ["--url", world.server.url]
            var packaging = world.packaging("cli-failing")
            packaging.base = "127.0.0.1:\(world.deadPort)/none:1"
            var document = packaging.json.objectValue ?? [:]
            document["kind"] = "ModelPackaging"
            let manifest = String(decoding: try CanonicalJSON.encode(JSONValue.object(document)), as: UTF8.self)
            let failed = try await command("packager", ["pack", "create", "-f", "-"] + url, input: manifest)
            #expect(failed.status == .exited(1))
            #expect(failed.error.contains("Model packaging cli-failing was failed: "), "\(failed.error)")
            let again = try await command("packager", ["pack", "create", "-f", "-"] + url, input: manifest)
            #expect(again.status == .exited(1) && again.error.contains("packager pack edit"))
            let edited = try await command("packager", ["pack", "edit", "--no-wait", "-f", "-"] + url, input: manifest)
            #expect(edited.status.isSuccess && edited.error.contains("packager pack logs --id cli-failing"))
            try await command("packager", ["pack", "logs", "--id", "cli-failing"] + url).succeeded()
            let first = try await command("packager", ["pack", "logs", "--id", "cli-failing", "--attempt", "1"] + url)
                .succeeded()
            #expect(first.output.contains("packaging wine.zip with docker-rest"), "\(first.output)")
            let never = try await command("packager", ["pack", "logs", "--id", "cli-failing", "--attempt", "9"] + url)
            #expect(never.status == .exited(1) && never.error.contains("no log of an attempt 9"), "\(never.error)")
            try await command("packager", ["pack", "delete", "-f", "-"] + url, input: manifest).succeeded()
        }
    }
}

extension FilePath {
    /// A second name for a file, or a copy on another disk.
    fileprivate func copyForTest(to target: FilePath) throws {
        if !link(to: target) { try copy(to: target, cancellation: CancellationFlag()) }
    }
}
