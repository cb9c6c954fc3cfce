import FileSystem
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// The command line, with and without a server.
    @Suite struct CommandLine {
        @Test(arguments: [WineModel.Format.gppi, .mlflow])
        func buildNeedsNoServer(format: WineModel.Format) async throws {
            let world = try World.current
            let model = format == .gppi ? world.gppi : world.mlflow
            let reference = "\(world.registry.host)/built-\(format.rawValue):1"
            try await world.packager(
                "build",
                model.artifact.string,
                "--integration",
                "docker-rest",
                "--tag",
                reference,
                "--base",
                world.base,
                "--plain-http"
            ).succeeded()
            // The port is the image's own default here; gunicorn's flags come after the image's name.
            let flags = ["--bind", "127.0.0.1:\(world.servingPort)"]
            try await world.engine.withContainer(of: reference, flags: flags) { _ in
                try await world.served.waitUntilReady()
                #expect(try await world.served.invoke(model) == model.predictions)
                #expect(try await world.served.infer(model) == model.predictions)
            }
        }

        @Test func packCreateWaitsAndGetTells() async throws {
            let world = try World.current
            let manifest = world.directory.appending("pack.yaml")
            // JSON is YAML, too.
            var packaging = world.packaging("by-hand").json.objectValue ?? [:]
            packaging["kind"] = "ModelPackaging"
            let request = try CanonicalJSON.encode(JSONValue.object(packaging))
            try manifest.writeAtomically(request)
            let url = ["--url", world.server.url]
            try await command("packager", ["pack", "create", "-f", manifest.string, "--wait"] + url).succeeded()
            let state = try await command(
                "packager",
                ["pack", "get", "--id", "by-hand", "-o", "jsonpath=$[0].status.state"] + url
            ).succeeded()
            #expect(state.line == "succeeded")
            let logs = try await command("packager", ["pack", "logs", "--id", "by-hand"] + url).succeeded()
            #expect(logs.output.contains("sha256:"))
            try await command("packager", ["pack", "delete", "--id", "by-hand"] + url).succeeded()
            #expect(try await http("GET", "\(world.server.url)/packaging/by-hand").status == 404)
        }

        @Test func failureIsOneSentenceAndAnExitCode() async throws {
            let world = try World.current
            let missing = try await world.packager(
                "build",
                "/nowhere/wine.zip",
                "--integration",
                "docker-rest",
                "--tag",
                "\(world.registry.host)/x:1"
            )
            #expect(missing.status == .exited(1))
            #expect(missing.error.contains("/nowhere/wine.zip"))
            let archive = world.directory.appending("crowded.tar")
            try await command("tar", ["-cf", archive.string, "-C", Project.root.appending("examples").string, "wine"])
                .succeeded()
            let crowded = try await world.packager(
                "build",
                archive.string,
                "--integration",
                "docker-rest",
                "--tag",
                "\(world.registry.host)/x:1",
                "--max-entries",
                "1"
            )
            #expect(crowded.status == .exited(1))
            #expect(crowded.error.contains("more than the 1 entries"), "\(crowded.error)")
            let misused = try await world.packager("build", "--no-such-option")
            #expect(misused.status == .exited(2))
        }
    }
}
