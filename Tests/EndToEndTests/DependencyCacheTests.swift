import FileSystem
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// ODAHU's cache of dependencies: a base image that has a model's packages already.
    @Suite struct DependencyCache {
        /// The cache is made by our own tool; it has one package in another version than the model pins.
        @Test func imageOfOursIsACache() async throws {
            let world = try World.current
            let requirements = world.directory.appending("cache.yaml")
            let pins = try FilePath("\(Project.root)/examples/wine/requirements.txt").text()
            let others = pins.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("joblib") }
            try requirements.write(
                "name: cache\ndependencies:\n- python=3.11\n- pip:\n  - joblib<1.6\n"
                    + others.map { "  - \($0)\n" }.joined()
            )
            let name = "packaging-model-cache:1.0.0"
            try await world.packager(
                "base",
                "extend",
                World.baseName,
                "--requirements",
                requirements.string,
                "--name",
                name
            ).succeeded()
            let cache = "\(world.registry.host)/\(name)"
            try await world.packager("image", "push", name, cache).succeeded()

            let plain = try await layers(of: world.server.package(world.packaging("uncached")), above: world.base)
            let image = try await package("cached", on: cache)
            let own = try await layers(of: image, above: cache)
            #expect(plain.count { $0.hasPrefix("wheel ") } >= 4, "\(plain)")
            // What is small shares a layer: joblib, gunicorn and what that needs.
            #expect(own.filter { $0.contains("wheel") }.count == 2, "\(own)")
            #expect(own.contains { $0.hasPrefix("removal of joblib 1.") }, "\(own)")
            #expect(!own.contains { $0.contains("scipy") || $0.contains("numpy") }, "\(own)")
            let log = try await world.server.log(of: "cached")
            #expect(log.contains("numpy 2.4.6 is in the base"), "\(log)")
            #expect(log.contains("joblib 1.6.0: the base has 1."), "\(log)")

            try await world.engine.docker("pull", image.pinned)
            try await expectPredictions(of: image.pinned)
            try await expectJoblib(in: image.pinned)
            let rendered = try await build(on: cache, as: "cached-rendered")
            try await expectPredictions(of: rendered)
            try await expectJoblib(in: rendered)
        }

        /// The cache is made by someone else: pip has put packages into the system's Python.
        @Test func imageOfAnotherMakeIsACache() async throws {
            let world = try World.current
            let context = world.directory.appending("foreign-cache")
            try await render(on: world.base, to: context)
            // A joblib that no model can use: whoever imports it fails.
            try await command(
                "python3",
                ["-c", Self.brokenWheel, context.appending("wheels/joblib-0.1-py3-none-any.whl").string]
            ).succeeded()
            let packages = ["numpy", "scipy", "/tmp/wheels/joblib-0.1-py3-none-any.whl"].map { "\"\($0)\"" }
            try context.appending("Dockerfile").write(
                """
                FROM \(world.base)
                COPY wheels /tmp/wheels
                RUN ["python3", "/tmp/wheels/pip-25.0.1-py3-none-any.whl/pip", "install", "--break-system-packages", \
                "--no-deps", "--no-index", "--no-compile", "--find-links=/tmp/wheels", \(packages.joined(separator: ", "))]

                """
            )
            let cache = "\(world.registry.host)/foreign-cache:1"
            try await world.withBuilder(.classic) { build in _ = try await build(context, cache) }
            try await world.engine.docker("push", cache)

            let image = try await package("foreign-cached", on: cache)
            let own = try await layers(of: image, above: cache)
            #expect(!own.contains { $0.contains("scipy") || $0.contains("numpy") || $0.contains("removal") }, "\(own)")
            #expect(own.contains { $0.hasPrefix("wheel scikit-learn") }, "\(own)")
            let log = try await world.server.log(of: "foreign-cached")
            #expect(log.contains("scipy 1.17.1 is in the base"), "\(log)")
            #expect(log.contains("joblib 1.6.0: the base has 0.1"), "\(log)")

            try await world.engine.docker("pull", image.pinned)
            try await expectPredictions(of: image.pinned)
            try await expectJoblib(in: image.pinned)
            try await expectPredictions(of: try await build(on: cache, as: "foreign-rendered"))
        }

        private static let brokenWheel = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w") as wheel:
                wheel.writestr("joblib/__init__.py", "raise ImportError('the joblib of the base')\\n")
                information = "joblib-0.1.dist-info/"
                wheel.writestr(information + "METADATA", "Metadata-Version: 2.1\\nName: joblib\\nVersion: 0.1\\n")
                wheel.writestr(information + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr(information + "RECORD", "".join(f"{name},,\\n" for name in wheel.namelist()))
            """

        private func package(_ id: String, on base: String) async throws -> PackagedImage {
            let world = try World.current
            var packaging = world.packaging(id)
            packaging.base = base
            return try await world.server.package(packaging)
        }

        private func render(on base: String, to context: FilePath) async throws {
            let world = try World.current
            let artifact = world.gppi.artifact.string
            try await world.packager("render", artifact, "-o", context.string, "--base", base, "--wheels").succeeded()
        }

        /// The Dockerfile of the same recipe, built.
        private func build(on base: String, as name: String) async throws -> String {
            let world = try World.current
            let context = world.directory.appending("context-\(name)")
            try await render(on: base, to: context)
            let wheels = try context.appending("wheels").entries().map(\.string)
            #expect(!wheels.contains { $0.hasPrefix("scipy") || $0.hasPrefix("numpy") }, "\(wheels)")
            return try await world.withBuilder(.classic) { build in
                try await world.engine.docker("pull", base)
                return try await build(context, "\(world.registry.host)/\(name):1")
            }
        }

        /// The names of an image's layers that are not its base's.
        private func layers(of image: PackagedImage, above base: String) async throws -> [String] {
            let below = try await history(of: base).count
            let prefix = "packager: "
            return try await history(of: image.pinned).dropFirst(below).map {
                $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0
            }
        }

        private func history(of image: String) async throws -> [String] {
            let configuration = try await skopeo("inspect", "--config", "--raw", "docker://\(image)").json
            let entries = configuration["history"]?.arrayValue ?? []
            return entries.filter { $0["empty_layer"] != true }.map { $0["created_by"]?.stringValue ?? "" }
        }

        private func expectPredictions(of image: String) async throws {
            let world = try World.current
            let flags = ["--bind", "127.0.0.1:\(world.servingPort)"]
            try await world.engine.withContainer(of: image, flags: flags) { _ in
                try await world.served.waitUntilReady()
                #expect(try await world.served.invoke(world.gppi) == world.gppi.predictions)
            }
        }

        /// Both what is imported and what its metadata says are the model's own.
        private func expectJoblib(in image: String) async throws {
            let program = "import joblib, importlib.metadata as m; print(joblib.__version__, m.version('joblib'))"
            let flags = [
                "run", "--rm", "--network", "none", "--entrypoint", "/opt/venv/bin/python", image, "-c", program,
            ]
            #expect(try await World.current.engine.docker(flags).line == "1.6.0 1.6.0")
        }
    }
}
