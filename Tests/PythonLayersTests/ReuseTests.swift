import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import Synchronization
import SystemPackage
import Testing

@testable import PythonLayers

/// Environments on bases that have packages already.
@Suite struct ReuseTests {
    /// Wheels of which there are two versions each.
    private func withWheels(
        _ body: (FilePath, PythonEnvironmentGenerator.Settings, BaseInterpreter) async throws -> Void
    )
        async throws
    {
        try await withWorkshop { directory in
            let links = directory.appending("links")
            try links.createDirectories()
            for version in ["1.0", "2.0"] {
                var package = WheelMaker(name: "package", version: version)
                package.files = ["package/__init__.py": "value = '\(version)'\n"]
                if version == "1.0" { package.files["package/old.py"] = "" }
                _ = try await package.make(in: links)
                let module = WheelMaker(
                    name: "single",
                    version: version,
                    files: ["single.py": "value = '\(version)'\n"]
                )
                _ = try await module.make(in: links)
            }
            _ = try await WheelMaker(name: "stays", files: ["stays.py": "value = 'stays'\n"]).make(in: links)
            var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
            settings.indexes = PackageIndexes(findLinks: [links.string], noIndex: true)
            try await body(directory, settings, try await hostInterpreter())
        }
    }

    private func parameters(_ requirements: [String], python: PythonVersion, reuses: Bool = true) throws -> JSONValue {
        var environment = PythonEnvironment(python: "\(python)", requirements: requirements)
        environment.reusesBase = reuses
        return try JSONValue(encoding: environment)
    }

    /// The base's environment is made by us, unpacked, packed by tar, and added to; Python says what came out.
    @Test(arguments: [PythonEnvironmentGenerator.Settings.ByteCode.auto, .off])
    func anImageOfOursIsAddedTo(byteCode: PythonEnvironmentGenerator.Settings.ByteCode) async throws {
        try await withWheels { directory, settings, interpreter in
            var settings = settings
            settings.prefix = directory.appending("venv").string
            let (label, variables) = (interpreter.path, ["PYTHON_VERSION=\(interpreter.version)"])
            let first = try await PythonEnvironmentGenerator(settings: settings, fetch: noNetwork).layers(
                for: parameters(["package==1.0", "single==1.0", "stays"], python: interpreter.version, reuses: false),
                on: baseImage(label: label, environment: variables),
                maximumLayers: 9,
                logger: quiet
            )
            try await build(first, into: FilePath("/"))
            let layer = try await LayerMaker.make(from: directory.appending("venv"), in: directory)
            let base = try baseImage(label: label, environment: variables, layers: [(layer.0, .bytes(layer.1))])

            settings.byteCode = byteCode
            let log = Lines()
            let plans = try await PythonEnvironmentGenerator(settings: settings, fetch: noNetwork).layers(
                for: parameters(["package==2.0", "single>1", "stays"], python: interpreter.version),
                on: base,
                maximumLayers: 9,
                logger: log.logger
            )
            #expect(
                plans.map(\.name).filter { !$0.hasPrefix("byte code") } == [
                    "removal of package 1.0, single 1.0", "Python \(interpreter.version) environment", "2 small wheels",
                ]
            )
            #expect(log.lines.contains("stays 1.0 is in the base"), "\(log.lines)")
            #expect(log.lines.contains("package 2.0: the base has 1.0"))
            for plan in plans { try materialize(try await plan.entries(), into: FilePath("/")) }
            let program = """
                import importlib.metadata as m, importlib.util as u, package, single, stays
                print(package.value, single.value, stays.value, u.find_spec("package.old"))
                print(*sorted(f"{d.name} {d.version}" for d in m.distributions()))
                """
            let python = directory.appending("venv/bin/python").string
            let result = try await Command.run([python, "-I", "-c", program])
            #expect(result.output == "2.0 2.0 stays None\npackage 2.0 single 2.0 stays 1.0\n", "\(result.error)")
        }
    }

    @Test func whatTheBaseHasIsPreferredWhereTheModelAllows() async throws {
        try await withWheels { directory, settings, interpreter in
            let version = interpreter.version
            let site = "opt/conda/lib/python\(version)/site-packages"
            let layer = try await LayerMaker.make(
                [
                    .file("opt/conda/bin/python\(version)"), .file("opt/conda/conda-meta/python-\(version).9-0.json"),
                    .distribution(site, "package", "1.0"), .distribution(site, "single", "1.0"),
                    .distribution(site, "stays", "1.0"),
                ],
                in: directory
            )
            let base = try baseImage(layers: [(layer.0, .bytes(layer.1))])
            let generator = PythonEnvironmentGenerator(settings: settings, fetch: noNetwork)
            func plans(_ requirements: [String], reuses: Bool = true) async throws -> [LayerPlan] {
                try await generator.layers(
                    for: parameters(requirements, python: version, reuses: reuses),
                    on: base,
                    maximumLayers: 9,
                    logger: quiet
                )
            }
            // No wheel is there to be made a layer of: all is in the base.
            let all = try await plans(["package", "single", "stays"])
            #expect(all.count == 1)
            let entries = try #require(try await all.first?.entries())
            let configuration = try #require(entries.first { $0.path == "opt/venv/pyvenv.cfg" }).text
            #expect(
                configuration == "home = /opt/conda/bin\ninclude-system-site-packages = true\nversion = \(version)\n"
            )

            let own = try await plans(["package==2.0", "single", "stays"]).map(\.name)
            #expect(own == ["Python \(version) environment", "wheel package 2.0", "byte code of wheel package 2.0"])

            // Nothing is taken, so nothing is seen.
            let none = try await plans(["package>1"])
            #expect(none.map(\.name).contains("wheel package 2.0"))
            let isolated = try #require(try await none[0].entries().first { $0.path == "opt/venv/pyvenv.cfg" }).text
            #expect(isolated.contains("include-system-site-packages = false"))
        }
    }

    @Test func aPlainBaseChangesNothing() async throws {
        try await withWheels { directory, settings, interpreter in
            let layer = try await LayerMaker.make(
                [
                    .file("usr/bin/python\(interpreter.version)"),
                    .distribution("usr/lib/python3/dist-packages", "pip", "1"),
                ],
                in: directory
            )
            let (label, variables) = (interpreter.path, ["PYTHON_VERSION=\(interpreter.version)"])
            let base = try baseImage(label: label, environment: variables, layers: [(layer.0, .bytes(layer.1))])
            let generator = PythonEnvironmentGenerator(settings: settings, fetch: noNetwork)
            var keys: [[String?]] = []
            for reuses in [true, false] {
                keys.append(
                    try await generator.layers(
                        for: parameters(["package", "stays"], python: interpreter.version, reuses: reuses),
                        on: base,
                        maximumLayers: 9,
                        logger: quiet
                    ).map(\.key)
                )
            }
            #expect(keys[0] == keys[1])
        }
    }

    @Test func aBaseThatCannotBeReadIsTakenAsItIs() async throws {
        try await withWheels { directory, settings, interpreter in
            let bytes = Array("no tar at all".utf8)
            let layer = Descriptor(mediaType: .ociLayerGzip, digest: .sha256(of: bytes), size: Int64(bytes.count))
            let base = try baseImage(
                label: interpreter.path,
                environment: ["PYTHON_VERSION=\(interpreter.version)"],
                layers: [(layer, .bytes(bytes))]
            )
            let log = Lines()
            let plans = try await PythonEnvironmentGenerator(settings: settings, fetch: noNetwork).layers(
                for: parameters(["stays"], python: interpreter.version),
                on: base,
                maximumLayers: 9,
                logger: log.logger
            )
            #expect(plans.map(\.name).contains("wheel stays 1.0"))
            #expect(log.lines.contains { $0.contains("are not looked for") }, "\(log.lines)")
        }
    }

    @Test func parametersSayWhetherTheBaseIsReused() throws {
        var environment = PythonEnvironment(python: "3.11", requirements: ["a"])
        #expect(try JSONValue(encoding: environment)["reusesBase"] == nil)
        environment.reusesBase = true
        let parameters = try JSONValue(encoding: environment)
        #expect(parameters["reusesBase"] == true)
        #expect(try PythonEnvironment(parameters: parameters) == environment)
    }
}

/// What was logged.
private final class Lines: Sendable {
    private let written = Mutex<[String]>([])
    var lines: [String] { written.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    fileprivate func append(_ line: String) { written.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        var lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.append("\(event.message)")
        }
    }
}
