import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing
import Transfer

@testable import PythonLayers

/// The index that uv asks by itself, with a large wheel of extension modules.
@Suite struct RealIndexTests {
    @Test func importsExtensionModulesAndRunsCommands() async throws {
        try await withWorkshop { directory in
            let interpreter = try await hostInterpreter()
            let base = try baseImage(label: interpreter.path, environment: ["PYTHON_VERSION=\(interpreter.version)"])
            var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
            let venv = directory.appending("venv")
            settings.prefix = venv.string
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            let parameters: JSONValue = ["requirements": ["numpy<3", "gunicorn>=20"]]
            let plans = try await generator.layers(for: parameters, on: base, maximumLayers: 20, logger: quiet)
            #expect(plans.contains { $0.name.hasPrefix("wheel numpy ") })
            #expect(plans.contains { $0.name.hasPrefix("byte code of wheel numpy ") })
            #expect(Set(plans.compactMap(\.key)).count == plans.count)
            try await build(plans, into: FilePath("/"))
            let program = "import numpy; print(numpy.arange(4).sum(), numpy.linalg.norm([3, 4]))"
            let result = try await Command.run([venv.appending("bin/python").string, "-c", program])
            #expect(result.output == "6 5.0\n", "\(result.error)")
            let gunicorn = try await Command.run([venv.appending("bin/gunicorn").string, "--version"])
            #expect(gunicorn.output.hasPrefix("gunicorn"), "\(gunicorn.error)")

            // For the other processor nothing is built or run here: its wheels are chosen all the same.
            var other = base
            other.configuration.architecture = base.configuration.architecture == "amd64" ? "arm64" : "amd64"
            let otherPlans = try await generator.layers(for: parameters, on: other, maximumLayers: 20, logger: quiet)
            let numpy = plans.first { $0.name.hasPrefix("wheel numpy") }?.key
            #expect(numpy != nil && otherPlans.first { $0.name.hasPrefix("wheel numpy") }?.key != numpy)
        }
    }
}
