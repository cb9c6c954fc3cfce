import FileSystem
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// Images that a Docker engine builds, and that are like all others then.
    @Suite struct EngineBuilds {
        @Test func imagePredictsWhatTheModelPredicts() async throws {
            let world = try World.current
            var packaging = world.packaging("engine-rest")
            packaging.template = ""
            let image = try await world.server.package(packaging)
            try await world.engine.docker("pull", image.pinned)
            try await world.engine.withContainer(of: image.pinned) { container in
                try await world.served.waitUntilReady()
                let owner = try await container.owner
                #expect(owner.user != 0 && owner.group != 0)
                #expect(try await world.served.invoke(world.gppi) == world.gppi.predictions)
                #expect(try await world.served.infer(world.gppi) == world.gppi.predictions)
            }
            let log = try await world.server.log(of: packaging.id)
            #expect(log.contains("Step 1/") && log.contains("sha256:"), "\(log)")
            // The base's blobs are taken over from the base, not sent once more.
            let base = try await layers(of: world.base)
            let built = try await layers(of: image.pinned)
            #expect(built.starts(with: base))
            let uploads = try world.registry.uploads(to: "engine-rest")
            #expect(!uploads.blobs.contains { base.contains($0) })
            try await expectNothingLeft(in: world.engine)
        }

        /// On a base that only the store has, into the store, by the command line.
        @Test func templateMayRunPrograms() async throws {
            let world = try World.current
            let template = world.directory.appending("run.mustache")
            try template.write(
                """
                FROM {{base}}
                RUN echo "made by $(id -u) on $(python3 --version)" > /made
                COPY model/ /model/
                {{#labels}}
                LABEL {{name}}={{value}}
                {{/labels}}
                USER {{user}}
                ENTRYPOINT ["cat", "/made"]

                """
            )
            let built = try await world.packager(
                ["build", world.gppi.artifact.string, "--tag", "engine-run:1", "--base", World.baseName]
                    + ["--builder", "docker", "--template", template.string, "--output", "json"]
                    + world.engine.builderFlags
            ).succeeded().json
            let image = try #require(built[0]?["digest"]?.stringValue)
            let host = String(world.server.url.dropFirst("http://".count))
            try await world.engine.docker("pull", "\(host)/engine-run@\(image)")
            let flags = ["run", "--rm", "--network", "none", "--read-only"]
            let said = try await world.engine.docker(flags + ["\(host)/engine-run@\(image)"]).line
            #expect(said.hasPrefix("made by 0 on Python 3.11"), "\(said)")
            let rows = built[0]?["layers"]?.arrayValue ?? []
            #expect(rows.first?["from"] == "base" && rows.last?["from"] == "built", "\(rows)")
            try await expectNothingLeft(in: world.engine)
        }

        @Test func aStepThatFailsIsToldWithItsWords() async throws {
            let world = try World.current
            var packaging = world.packaging("engine-fails")
            packaging.template = "FROM {{base}}\nRUN echo no such compiler; exit 7\n"
            _ = try await world.server.post(packaging).json()
            let status = try await world.server.outcome(of: packaging.id)
            let message = status["message"]?.stringValue ?? ""
            for words in ["Step 2/", "RUN echo no such compiler; exit 7", "non-zero code: 7", "no such compiler"] {
                #expect(message.contains(words), "\(message)")
            }
            let log = try await world.server.log(of: packaging.id)
            #expect(log.contains("- no such compiler"), "\(log)")
            try await expectNothingLeft(in: world.engine)
        }

        @Test func deletingStopsTheBuild() async throws {
            let world = try World.current
            var packaging = world.packaging("engine-deleted")
            packaging.template = "FROM {{base}}\nRUN echo begun && sleep 987\n"
            _ = try await world.server.post(packaging).json()
            try await eventually("the step runs") { try await world.server.log(of: packaging.id).contains("- begun") }
            #expect(try await steps(in: world.engine).count == 1)
            let answer = try await http("DELETE", "\(world.server.url)/packaging/\(packaging.id)")
            #expect((200..<300).contains(answer.status))
            try await eventually("the step ends", within: .seconds(20)) {
                try await steps(in: world.engine).isEmpty
            }
            try await expectNothingLeft(in: world.engine)
        }

        @Test func anEngineThatIsNotThereIsToldWithWhatToDo() async throws {
            let world = try World.current
            let failed = try await world.packager(
                ["build", world.gppi.artifact.string, "--tag", "wine:1", "--base", World.baseName]
                    + ["--builder", "docker", "--docker-host", "unix:///nowhere/docker.sock"]
            )
            #expect(failed.status == .exited(1))
            #expect(failed.error.contains("unix:///nowhere/docker.sock") && failed.error.contains("--docker-host"))
        }

        private func layers(of image: String) async throws -> [String] {
            let manifest = try await skopeo("inspect", "--raw", "docker://\(image)").json
            return (manifest["layers"]?.arrayValue ?? []).compactMap { $0["digest"]?.stringValue }
        }

        /// The containers that run.
        private func steps(in engine: ContainerEngine) async throws -> [Substring] {
            try await engine.docker("ps", "--quiet").output.split(separator: "\n")
        }

        private func expectNothingLeft(in engine: ContainerEngine) async throws {
            let names = try await engine.docker("images", "--format", "{{.Repository}}").output
            #expect(!names.contains("packager-"), "\(names)")
        }
    }
}
