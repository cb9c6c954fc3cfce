import Archive
import DockerCLI
import DockerREST
import Dockerfiles
import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import PackagerCore
import PythonLayers
import SystemPackage
import Transfer
import Triton

/// Puts the parts together: which integrations are built in, which generators make layers, where state is.
struct Composition: Sendable {
    /// A new way to package is one line here.
    static let integrations: [any Integration] = [
        DockerREST(),
        DockerCLI(),
        Triton(),
    ]

    let service: PackagerService
    let packager: Packager
    /// Writes recipes as Dockerfiles.
    let contexts: BuildContext
    /// Runs the jobs of the server.
    let worker: Worker

    /// Opens the data directory, creating what is missing.
    init(
        data: DataOptions,
        build: BuildOptions,
        configure: (inout PackagerConfiguration) throws -> Void = { _ in }
    ) async throws {
        var configuration = PackagerConfiguration(data: data.directory.path)
        configuration.limits = try build.artifactLimits
        try configure(&configuration)
        service = try await PackagerService(configuration, integrations: Self.integrations)

        let http = try HTTPClient()
        let environments = PythonEnvironmentGenerator(
            settings: try build.environmentSettings(in: data.directory),
            client: http
        )
        let assembler = ImageAssembler(
            store: service.store,
            index: service.layerIndex,
            generators: [environments],
            options: try build.assemblerOptions
        )
        contexts = BuildContext(environments: environments)
        packager = Packager(
            assembler: assembler,
            inspections: service.inspections,
            locations: service.blobLocations,
            http: http,
            work: configuration.directory.work,
            limits: configuration.limits
        )
        worker = Worker(
            service,
            runner: CorridorRunner(service: service, packager: packager),
            logger: Logger(label: "packager.worker")
        )
    }

    /// - Throws: ``CommandError`` with the ids there are.
    func integration(named id: String) throws -> any Integration {
        if let integration = Self.integrations.first(where: { $0.definition.id == id }) { return integration }
        let known = Self.integrations.map(\.definition.id).joined(separator: ", ")
        throw CommandError("there is no integration \"\(id)\"; there is \(known)")
    }
}
