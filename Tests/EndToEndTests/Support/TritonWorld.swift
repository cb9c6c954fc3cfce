import FileSystem
import SystemPackage
import Testing

/// What the images of docker-triton need besides the ``World``: made once for their suite.
struct TritonWorld: Sendable {
    @TaskLocal static var shared: TritonWorld?

    /// A base with a tritonserver in it, in the server's own store, made as the README says.
    static let baseName = "base/triton:24.10"

    /// Has what models are trained and servers are asked with.
    var python: FilePath
    var directory: FilePath
    /// The wine model, trained with NumPy 1.
    var gppi: WineModel
    var mlflow: WineModel

    static var current: TritonWorld {
        get throws {
            guard let shared else { throw EndToEndError("there is no world of Triton outside of the suite") }
            return shared
        }
    }

    static let sources = Project.root.appending("Tests/TritonServerTests")

    static func make() async throws -> TritonWorld {
        let world = try World.current
        let directory = world.directory.appending("triton")
        try directory.createDirectories()
        let python = try await environment()
        async let base: Void = makeBase(world, in: directory, python: python)
        async let gppi = WineModel.train(.gppi, seed: 1, into: directory, python: python)
        async let mlflow = WineModel.train(.mlflow, seed: 1, into: directory, python: python)
        let made = try await TritonWorld(python: python, directory: directory, gppi: gppi, mlflow: mlflow)
        try await base
        return made
    }

    private static func environment() async throws -> FilePath {
        let python = try await command(
            "\(Project.root)/scripts/python-environment",
            ["triton-images", "\(sources)/requirements-images.txt"]
        ).succeeded()
        return FilePath(python.line)
    }

    private static func makeBase(_ world: World, in directory: FilePath, python: FilePath) async throws {
        let server = directory.appending("tritonserver")
        try await command("\(Project.root)/scripts/triton-server", [server.string]).succeeded()
        // The wheel has no native backend: one in Python stands in for it, with ONNX Runtime where the server's own
        // Python finds it.
        let backend = server.appending("backends/onnxruntime")
        try backend.createDirectories()
        try backend.appending("model.py").write(sources.appending("onnxruntime_backend.py").text())
        let packages = directory.appending("packages")
        try await command(
            "uv",
            [
                "pip", "install", "--quiet", "--python", python.string, "--target", packages.string,
                "onnxruntime==1.31.1", "numpy==1.26.4",
            ]
        ).succeeded()
        try await world.packager(
            "base",
            "create",
            "--name",
            baseName,
            "--package",
            "libpython3.11",
            "--copy",
            "\(server):/opt/tritonserver",
            "--copy",
            "\(packages):/usr/local/lib/python3.11/dist-packages",
            "--env",
            "PATH=/opt/tritonserver/bin:/usr/local/bin:/usr/bin:/bin",
            "--env",
            "LD_LIBRARY_PATH=/opt/tritonserver/lib",
            "--env",
            "TRITON_SERVER_VERSION=2.51.0"
        ).succeeded()
    }
}

struct TritonWorldTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await TritonWorld.$shared.withValue(TritonWorld.make()) { try await function() }
    }
}

extension Trait where Self == TritonWorldTrait {
    static var tritonWorld: Self { TritonWorldTrait() }
}
