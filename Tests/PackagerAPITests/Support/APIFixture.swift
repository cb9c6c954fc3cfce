import FileSystem
import Hummingbird
import HummingbirdTesting
import ImageAssembler
import JSON
import Logging
import OCI
import PackagerAPI
import PackagerCore
import SystemPackage
import TrainedModels
import Transfer

/// A service, a store and the server around them, in a directory of their own.
struct APIFixture {
    var service: PackagerService
    var packager: Packager
    var layout: OCILayout
    var data: FilePath
    var configuration = APIConfiguration()

    /// - Parameters:
    ///   - setup: `.router` for requests that need no connection, `.live` for a server on a free port.
    ///   - configureService: what the service is told beside its defaults.
    static func run<Value>(
        _ setup: TestingSetup = .router,
        configureService: @Sendable (inout PackagerConfiguration) -> Void = { _ in },
        configure: @Sendable (inout APIConfiguration) -> Void = { _ in },
        _ body: @Sendable (APIFixture, any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory(in: "/tmp", prefix: "packager-api") { directory in
            var configuration = PackagerConfiguration(data: directory, publicHost: "127.0.0.1:5080")
            // The machine may be busy.
            configuration.inspectionSeconds = 60
            configureService(&configuration)
            let service = try await PackagerService(configuration, integrations: [SampleIntegration()])
            let layout = try await OCILayout.open(configuration.directory.store)
            let packager = Packager(
                assembler: ImageAssembler(store: layout, index: service.layerIndex, logger: .silent),
                inspections: service.inspections,
                locations: service.blobLocations,
                http: try HTTPClient(),
                work: configuration.directory.work
            )
            var fixture = APIFixture(service: service, packager: packager, layout: layout, data: directory)
            configure(&fixture.configuration)
            return try await fixture.application.test(setup) { [fixture] client in try await body(fixture, client) }
        }
    }

    var application: some ApplicationProtocol {
        var configuration = configuration
        configuration.port = 0
        return buildApplication(service, packager: packager, configuration: configuration, logger: .silent)
    }
}

/// Takes every model, and is never run.
struct SampleIntegration: Integration {
    let definition = PackagingIntegration(builtIn: "sample", arguments: [.imageName])

    func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        ImageRecipe(base: try ImageReference(parsing: "base:1"), layers: [], entrypoint: [])
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
