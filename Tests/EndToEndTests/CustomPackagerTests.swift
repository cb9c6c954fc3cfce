import FileSystem
import FoundationEssentials
import Glibc
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// Packagers that are images, run by the server and by the command line, in an engine and without one.
    @Suite struct CustomPackagers {
        enum Runtime: String, CaseIterable, Sendable, CustomTestStringConvertible {
            case docker, runc

            var testDescription: String { rawValue }
        }

        @Test(arguments: Runtime.allCases)
        func packsFailsIsCancelledAndSurvivesItsServer(runtime: Runtime) async throws {
            let world = try World.current
            let image = try await image(in: world)
            let data = world.directory.appending("custom-\(runtime)")
            let log = world.directory.appending("custom-\(runtime).log")
            let flags = ["--custom-packagers", runtime.rawValue, "--lease", "2"] + world.engine.builderFlags
            let site = Site(world: world, runtime: runtime, image: image, data: data)
            try await withPackagerServer(data: data, port: world.sparePort, log: log, flags: flags) { server in
                try await site.prepare(server)
                try await site.expectResults(of: "as-root", "0:0", in: server)
                try await site.expectResults(of: "as-user", "1234:1234", in: server)
                try await site.expectFailure(in: server)
                try await site.expectRefusal(in: server)
                try await site.expectCancellation(in: server)
                // One more that the server does not live to see the end of.
                try await site.startSleeping("survivor", in: server)
                server.daemon.send(SIGKILL)
                try await server.daemon.waitForExit()
            }
            #expect(try await site.containers().count == 1)
            try await withPackagerServer(data: data, port: world.sparePort, log: log, flags: flags) { server in
                try await eventually("the job runs again") {
                    let log = try await server.log(of: "survivor")
                    return log.contains("of an attempt that was broken off") && log.contains("sleeping")
                }
                #expect(try await site.containers().count == 1)
                try await site.cancel("survivor", in: server)
            }
        }

        /// What a user's own command does with the same manifests.
        @Test(arguments: Runtime.allCases)
        func packsWithoutAServer(runtime: Runtime) async throws {
            let world = try World.current
            let image = try await image(in: world)
            let directory = world.directory.appending("custom-local-\(runtime)")
            try directory.createDirectories()
            let secret = Data(TestRegistry.password.utf8).base64EncodedString()
            let connection: JSONValue = [
                "kind": "Connection", "id": "registry",
                "spec": [
                    "type": "docker", "uri": .string(world.registry.host), "username": .string(TestRegistry.username),
                    "password": .string(secret),
                ],
            ]
            var documents = [connection]
            for (kind, document) in [
                ("PackagingIntegration", image.integration("mine", image: image.reference)),
                ("ModelPackaging", image.packaging("local", by: "mine")),
            ] {
                var members = document.objectValue ?? [:]
                members["kind"] = .string(kind)
                documents.append(.object(members))
            }
            let manifests = directory.appending("all.json")
            try manifests.writeAtomically(CanonicalJSON.encode(JSONValue.array(documents)))
            let flags = ["--artifact-path", world.directory.string, "--custom-packagers", runtime.rawValue]
            let result = try await command(
                "packager",
                ["local", "pack", "run", "-f", manifests.string] + flags + world.engine.builderFlags,
                environment: world.packagerEnvironment(data: directory.appending("data"))
            ).succeeded()
            let lines = result.output.split(separator: "\n")
            #expect(lines.first == "image: example/model:1", "\(result.output)")
            #expect(lines.contains("arguments: /workspace/output /workspace/mp.json"))
            #expect(result.error.contains("packing /workspace/output as 0"), "\(result.error)")
        }

        /// Made by the first that asks: the suite is serial, and the world it is in there for all.
        private func image(in world: World) async throws -> PackagerImage {
            let host = world.registry.host
            let made = world.directory.appending("packager-image.made")
            if made.exists {
                return PackagerImage(
                    reference: "\(host)/custom/packager:1",
                    unprivileged: "\(host)/custom/packager:user"
                )
            }
            let image = try await PackagerImage.make(in: world)
            try made.write("")
            return image
        }
    }
}

/// A data directory whose server runs packagers in one of the runtimes.
private struct Site: Sendable {
    var world: World
    var runtime: EndToEnd.CustomPackagers.Runtime
    var image: PackagerImage
    var data: FilePath

    func prepare(_ server: PackagerServer) async throws {
        try await server.createConnection("registry", to: world.registry.host)
        try await server.upload(world.sums, as: "sums.tar")
        for integration in [
            image.integration("as-root", image: image.reference),
            image.integration("as-user", image: image.unprivileged),
            image.integration("with-all-rights", image: image.reference, privileged: true),
        ] {
            _ = try await http("POST", "\(server.url)/packaging/integration", json: integration).json()
        }
    }

    func expectResults(of integration: String, _ owner: String, in server: PackagerServer) async throws {
        _ = try await post(image.packaging("pack-\(integration)", by: integration), server).json()
        let status = try await server.outcome(of: "pack-\(integration)")
        let log = try await server.log(of: "pack-\(integration)")
        #expect(status["state"] == "succeeded", "\(status)\n\(log)")
        let results = status["results"]?.arrayValue ?? []
        #expect(results.first == ["name": "image", "value": "example/model:1"])
        func result(_ name: String) -> String? {
            results.first { $0["name"]?.stringValue == name }?["value"]?.stringValue
        }
        #expect(result("arguments") == "/workspace/output /workspace/mp.json")
        #expect(result("directory") == "/workspace")
        #expect(result("user") == owner)
        #expect(result("files")?.contains("changed") == true, "\(results)")
        #expect(result("input") == "600 \(owner.prefix { $0 != ":" })")
        #expect(result("memory") == "\(256 << 20)")
        #expect(result("noNewPrivileges") == "1")
        // chown, dac_override, fowner, fsetid, kill, setgid, setuid, net_bind_service, sys_chroot, setfcap.
        #expect(result("capabilities") == (owner == "0:0" ? "00000000800404fb" : "0000000000000000"))
        #expect(result("artifact") == "sums.tar")
        #expect(result("integration") == integration)
        #expect(result("password") == TestRegistry.password)
        #expect(log.contains("packing /workspace/output as \(owner.prefix { $0 != ":" })"), "\(log)")
        #expect(!log.contains(TestRegistry.password))
        try await expectNothingLeft()
    }

    func expectFailure(in server: PackagerServer) async throws {
        _ = try await post(image.packaging("fails", by: "as-root", do: "fail"), server).json()
        let status = try await server.outcome(of: "fails")
        #expect(status["state"] == "failed")
        #expect(status["exitCode"] == 7)
        #expect(status["message"]?.stringValue?.contains("exit code 7") == true, "\(status)")
        let log = try await server.log(of: "fails")
        #expect(log.contains("there is no such model"), "\(log)")
        try await expectNothingLeft()
    }

    func expectRefusal(in server: PackagerServer) async throws {
        let answer = try await post(image.packaging("privileged", by: "with-all-rights"), server)
        #expect(answer.status == 400)
        #expect(answer.body.contains("--allow-privileged-packagers"), "\(answer.body)")
    }

    func expectCancellation(in server: PackagerServer) async throws {
        try await startSleeping("sleeper", in: server)
        #expect(try await containers().count == 1)
        try await cancel("sleeper", in: server)
        let status = try await server.status(of: "sleeper")
        #expect(status["reason"] == "Cancelled", "\(status)")
    }

    func startSleeping(_ id: String, in server: PackagerServer) async throws {
        _ = try await post(image.packaging(id, by: "as-root", do: "sleep"), server).json()
        try await eventually("the packager \(id) sleeps") { try await server.log(of: id).contains("sleeping") }
    }

    func cancel(_ id: String, in server: PackagerServer) async throws {
        _ = try await http("POST", "\(server.url)/packaging/\(id)/cancel").json()
        try await eventually("the container ends", within: .seconds(20)) { try await containers().isEmpty }
        try await eventually("the job has ended", within: .seconds(20)) { try remains().isEmpty }
    }

    /// The containers that there are, running or not.
    func containers() async throws -> [String] {
        let lines =
            switch runtime {
            case .docker:
                try await world.engine.docker("ps", "--all", "--quiet", "--filter", "label=io.packager.instance")
            case .runc:
                try await command(
                    runtime.rawValue,
                    ["--root", data.appending("work").appending("containers/state").string, "list", "--quiet"]
                ).succeeded()
            }
        return lines.output.split(separator: "\n").map(String.init)
    }

    private func post(_ packaging: JSONValue, _ server: PackagerServer) async throws -> HTTPAnswer {
        try await http("POST", "\(server.url)/packaging", json: packaging)
    }

    /// What is left of packagers on the disk.
    private func remains() throws -> [String] {
        let work = data.appending("work")
        let containers = work.appending("containers")
        let bundles = containers.exists ? try containers.entries().filter { $0.string != "state" } : []
        return try (work.entries().filter { $0.string.hasPrefix("custom-") } + bundles).map(\.string)
    }

    private func expectNothingLeft() async throws {
        #expect(try await containers() == [])
        #expect(try remains() == [])
        let names = try await world.engine.docker("images", "--format", "{{.Repository}}").output
        #expect(!names.contains("packager-"), "\(names)")
    }
}
