import FileSystem
import JSON
import SystemPackage
import Testing

/// Everything real that the tests share: made once before the first of them, gone after the last.
struct World: Sendable {
    @TaskLocal static var shared: World?

    /// The base image in the server's own store.
    static let baseName = "base/python:3.11"

    /// Removed at the end.
    var directory: FilePath
    var registry: TestRegistry
    var engine: ContainerEngine
    var server: PackagerServer
    /// The base image in the registry.
    var base: String
    /// The same model twice, and once more with other weights.
    var gppi: WineModel
    var mlflow: WineModel
    var retrained: WineModel
    /// An artifact for what does not depend on the model: see ``SumsModel``.
    var sums: FilePath
    /// Where servers in containers listen, one after the other.
    var servingPort: Int
    /// For servers of single tests.
    var sparePort: Int
    /// Nobody listens here.
    var deadPort: Int

    static var current: World {
        get throws {
            guard let shared else { throw EndToEndError("there is no world outside of the suite") }
            return shared
        }
    }

    var served: ServedModel { ServedModel(url: "http://127.0.0.1:\(servingPort)") }

    /// A packaging of the wine model into the registry.
    func packaging(_ id: String, artifact: String = "wine.zip", image: String? = nil) -> Packaging {
        Packaging(id: id, artifact: artifact, image: image ?? "\(id):1", base: base, port: servingPort)
    }

    /// Packages the wine model on the local base into the server's own store.
    func packageIntoOwnStore(_ id: String) async throws -> PackagedImage {
        var packaging = packaging(id)
        packaging.base = Self.baseName
        packaging.connection = nil
        return try await server.package(packaging)
    }

    /// The program under test as a command, with the registry's credentials and the server's data directory.
    func packager(_ arguments: String...) async throws -> CommandResult { try await packager(arguments) }

    func packager(_ arguments: [String]) async throws -> CommandResult {
        try await command("packager", arguments, environment: packagerEnvironment(data: server.data))
    }

    func packagerEnvironment(data: FilePath) -> [String: String?] {
        Self.environment(data: data, registry: registry)
    }

    private static func environment(data: FilePath, registry: TestRegistry) -> [String: String?] {
        ["PACKAGER_DATA": data.string, "DOCKER_CONFIG": registry.credentials.string]
    }
}

extension World {
    static func with(_ body: @Sendable (World) async throws -> Void) async throws {
        try await withRunDirectory { directory in
            let ports = try freePorts(5)
            try await withRegistry(in: directory, port: ports[0]) { registry in
                try await withContainerEngine(in: directory, credentials: registry.credentials) { engine in
                    let data = directory.appending("data")
                    async let models = train(into: directory)
                    async let base = makeBase(in: data, registry: registry)
                    let (gppi, mlflow, retrained) = try await models
                    let sums = try await SumsModel.archive(in: directory, as: "sums.tar")
                    let baseReference = try await base
                    try await withPackagerServer(
                        data: data,
                        port: ports[1],
                        log: directory.appending("server.log"),
                        flags: engine.builderFlags + ["--allow-dockerfile-templates"]
                    ) { server in
                        try await server.createConnection("registry", to: registry.host)
                        try await server.upload(gppi.artifact, as: "wine.zip")
                        try await server.upload(retrained.artifact, as: "wine-retrained.zip")
                        try await server.upload(mlflow.artifact, as: "wine-mlflow.zip")
                        try await server.upload(sums, as: "sums.tar")
                        try await body(
                            World(
                                directory: directory,
                                registry: registry,
                                engine: engine,
                                server: server,
                                base: baseReference,
                                gppi: gppi,
                                mlflow: mlflow,
                                retrained: retrained,
                                sums: sums,
                                servingPort: ports[2],
                                sparePort: ports[3],
                                deadPort: ports[4]
                            )
                        )
                    }
                }
            }
        }
    }

    /// A directory for the whole run. Images have hundreds of thousands of files, which `rm` removes in seconds.
    private static func withRunDirectory(_ body: @Sendable (FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: .temporaryDirectories, prefix: "e2e") { directory in
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(directory)) } catch { outcome = .failure(error) }
            unmount(below: directory)
            _ = try? await command("sh", ["-c", #"rm -rf -- "$1"/*"#, "sh", directory.string])
            try outcome.get()
        }
    }

    private static func train(into directory: FilePath) async throws -> (WineModel, WineModel, WineModel) {
        let python = try await WineModel.environment()
        return (
            try await .train(.gppi, seed: 1, into: directory, python: python),
            try await .train(.mlflow, seed: 1, into: directory, python: python),
            try await .train(.gppi, seed: 2, into: directory, python: python)
        )
    }

    /// Makes the base image with the program under test and pushes it with the same.
    private static func makeBase(in data: FilePath, registry: TestRegistry) async throws -> String {
        let name = baseName
        let reference = "\(registry.host)/\(name)"
        let environment = environment(data: data, registry: registry)
        try await command(
            "packager",
            ["base", "create", "--suite", "bookworm", "--name", name],
            environment: environment
        ).succeeded()
        try await command("packager", ["image", "push", name, reference], environment: environment).succeeded()
        return reference
    }
}

/// Gives a suite its world.
struct WorldTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await World.with { world in try await World.$shared.withValue(world) { try await function() } }
    }
}

extension Trait where Self == WorldTrait {
    static var world: Self { WorldTrait() }
}

/// From the artifact to predictions, with a real registry, a real container engine and real clients.
@Suite(.serialized, .timeLimit(.minutes(10)), .world)
enum EndToEnd {}
