import FileSystem
import FoundationEssentials
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// A rendered context makes the same image in other builders' hands.
    @Suite struct RenderedContexts {
        /// Building keeps one processor busy: the builders work side by side, their images are asked one after the other.
        @Test func imagesPredictWhatTheModelPredicts() async throws {
            let world = try World.current
            let context = world.directory.appending("context")
            defer { try? context.removeTree() }
            try await world.packager(
                "render",
                world.gppi.artifact.string,
                "--output",
                context.string,
                "--base",
                world.base,
                "--wheels"
            ).succeeded()
            let images = try await withThrowingTaskGroup(of: String.self) { group in
                for builder in Builder.allCases {
                    group.addTask {
                        try await world.withBuilder(builder) { build in
                            try await build(context, "\(world.registry.host)/rendered-\(builder):1")
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let flags = ["--bind", "127.0.0.1:\(world.servingPort)"]
            for image in images {
                try await world.engine.withContainer(of: image, flags: flags) { container in
                    try await world.served.waitUntilReady()
                    let owner = try await container.owner
                    #expect(owner.user != 0 && owner.group != 0)
                    #expect(try await world.served.invoke(world.gppi) == world.gppi.predictions)
                    #expect(try await world.served.infer(world.gppi) == world.gppi.predictions)
                }
            }
        }

        /// The command line's context, on the environment that the builder has made before.
        @Test func commandLinePredictsFiles() async throws {
            let world = try World.current
            try await withRendered(world.gppi.artifact, as: "docker-cli", ["--wheels"]) { image in
                let volume = world.directory.appending("rendered-volume")
                try volume.createDirectories()
                defer { try? volume.removeTree() }
                try volume.appending("rows.json").writeAtomically(CanonicalJSON.encode(world.gppi.invocation))
                let run = ["run", "--rm", "--network", "none", "--read-only", "--volume", "\(volume):/volume"]
                let said = try await world.engine.docker(run + [image, "predict", "/volume/rows.json", "-"])
                #expect(try said.json["prediction"]?.arrayValue?.map(\.integerValue) == world.gppi.predictions)
                #expect(try await world.engine.docker(run + [image, "self_check"]).line == "Self-check is successful")
            }
        }

        /// The model repository, without a server: its links lead to the artifact's files.
        @Test func modelRepositoryLeadsToTheModel() async throws {
            let model = Project.root.appending("Tests/Fixtures/models/dynamic_batch.onnx")
            try await withRendered(model, as: "docker-triton") { image in
                let engine = try World.current.engine
                let run = ["run", "--rm", "--network", "none", "--read-only", image]
                let files = try await engine.docker(run + ["find", "-L", "/models_repository", "-type", "f"]).output
                let names = files.split(separator: "\n").map {
                    $0.split(separator: "/").dropFirst(2).joined(separator: "/")
                }
                #expect(names.sorted() == ["1/dynamic_batch.onnx", "config.pbtxt"], "\(files)")
                let served = files.split(separator: "\n").first { $0.hasSuffix(".onnx") } ?? ""
                let sum = try await engine.docker(run + ["sha256sum", String(served)]).line.prefix(64)
                #expect(try await command("sha256sum", [model.string]).line.prefix(64) == sum)
                let inspected = try await engine.docker("image", "inspect", image).json[0]?["Config"]
                #expect(inspected?["Cmd"]?[0]?.stringValue == "tritonserver")
                #expect(inspected?["ExposedPorts"]?.objectValue?.keys.sorted() == ["8000/tcp", "8001/tcp", "8002/tcp"])
            }
        }

        /// Renders an artifact's context and builds it with BuildKit.
        private func withRendered(
            _ artifact: FilePath,
            as integration: String,
            _ flags: [String] = [],
            _ body: @Sendable (String) async throws -> Void
        ) async throws {
            let world = try World.current
            try await world.withBuilder(.buildKit) { build in
                let context = world.directory.appending("context-\(integration)")
                defer { try? context.removeTree() }
                try await world.packager(
                    ["render", artifact.string, "--integration", integration, "--output", context.string]
                        + ["--base", world.base] + flags
                ).succeeded()
                try await body(build(context, "\(world.registry.host)/rendered-\(integration):1"))
            }
        }

        /// The builders' own parsers find the values that went in.
        @Test(arguments: Builder.allCases)
        func hostileNameIsAName(builder: Builder) async throws {
            let world = try World.current
            let name = #"$HOME ${PATH} \ \\ "' ` # <<EOF && \"# + "\t模型\\"
            try await world.withBuilder(builder) { build in
                let context = world.directory.appending("hostile-\(builder)")
                let artifact = world.directory.appending("hostile-model-\(builder)")
                let template = world.directory.appending("hostile-\(builder).mustache")
                defer { for path in [context, artifact, template] { try? path.removeTree() } }
                try artifact.appending("work").createDirectories()
                let project: JSONValue = [
                    "binaries": ["type": "python", "dependencies": "conda", "conda_path": "work/conda.yaml"],
                    "model": ["name": .string(name), "version": "1", "workDir": "work", "entrypoint": "entrypoint"],
                    "odahuflowVersion": "1.0",
                ]
                // JSON is YAML, too.
                try artifact.appending("odahuflow.project.yaml").writeAtomically(CanonicalJSON.encode(project))
                try artifact.appending("work/conda.yaml").write("name: a\ndependencies: [python=3.11]\n")
                try artifact.appending("work/entrypoint.py").write("")
                try template.write(
                    """
                    FROM scratch
                    COPY model/ /model/
                    {{#variables}}
                    ENV {{name}}={{value}}
                    {{/variables}}
                    {{#labels}}
                    LABEL {{name}}={{value}}
                    {{/labels}}
                    ENTRYPOINT {{entrypoint}}
                    CMD {{command}}

                    """
                )
                try await world.packager(
                    "render",
                    artifact.string,
                    "--output",
                    context.string,
                    "--base",
                    world.base,
                    "--template",
                    template.string
                ).succeeded()
                let image = try await build(context, "\(world.registry.host)/hostile-\(builder):1")
                let inspected = try await world.engine.docker("image", "inspect", image).json
                let configuration = inspected[0]?["Config"]
                #expect(configuration?["Labels"]?["io.packager.model.name"]?.stringValue == name)
                let variables = configuration?["Env"]?.arrayValue?.compactMap(\.stringValue) ?? []
                #expect(variables.contains("ODAHU_MODEL_NAME=\(name)"), "\(variables)")
                #expect(configuration?["Entrypoint"]?[0]?.stringValue == "/opt/venv/bin/gunicorn")
            }
        }

        @Test func valuesAreShownAndMistakesExplained() async throws {
            let world = try World.current
            let artifact = world.gppi.artifact.string
            let shown = try await world.packager("render", artifact, "--base", world.base, "--print-values").succeeded()
            let values = try shown.json
            #expect(values["baseName"]?.stringValue == world.base)
            #expect(values["ports"] == [5000])

            let template = world.directory.appending("wrong.mustache")
            try template.write("FROM {{image}}\n")
            let output = world.directory.appending("wrong-context")
            let failed = try await world.packager(
                "render",
                artifact,
                "--base",
                world.base,
                "-o",
                output.string,
                "--template",
                template.string
            )
            #expect(failed.status == .exited(1))
            #expect(failed.error.contains("image") && failed.error.contains("baseDigest"), "\(failed.error)")
            #expect(!output.exists)
        }
    }
}

/// Who builds a context.
enum Builder: String, CaseIterable, Sendable, CustomStringConvertible {
    case classic, buildKit, buildah

    /// In an image's name.
    var description: String { rawValue.lowercased() }
}

extension World {
    /// Makes a builder ready and gives a function that builds a context to an image in the engine.
    func withBuilder<Value: Sendable>(
        _ builder: Builder,
        _ body: @Sendable (_ build: @Sendable (FilePath, String) async throws -> String) async throws -> Value
    ) async throws -> Value {
        switch builder {
        case .classic, .buildKit:
            try await engine.docker("pull", base)
            return try await body { context, image in
                let isBuildKit = builder == .buildKit
                // Debian's own client before another one: some of those leave BuildKit to a plug-in.
                let client = FilePath("/usr/bin/docker").exists ? "/usr/bin/docker" : "docker"
                try await command(
                    client,
                    [
                        "--config", engine.credentials.string, "--host", "unix://\(engine.socket)", "build",
                        "--network", "host",
                        "--tag", image, context.string,
                    ],
                    environment: ["DOCKER_BUILDKIT": isBuildKit ? "1" : "0"]
                ).succeeded()
                return image
            }
        case .buildah:
            let storage = directory.appending("buildah")
            let options = [
                "--root", storage.appending("root").string, "--runroot", storage.appending("run").string,
                "--storage-driver", "vfs",
            ]
            let credentials = ["--tls-verify=false", "--authfile", engine.credentials.appending("config.json").string]
            defer { try? storage.removeTree() }
            return try await body { context, image in
                try await command(
                    "buildah",
                    options + ["bud", "--isolation", "chroot", "--tag", image] + credentials + [context.string]
                ).succeeded()
                try await command("buildah", options + ["push"] + credentials + [image]).succeeded()
                try await engine.docker("pull", image)
                return image
            }
        }
    }
}
