import Archive
import CondaLayers
import Containers
import DockerCLI
import DockerEngine
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
    /// Runs packagers that are images; nil where there is nothing to run them in.
    let customPackager: CustomPackager?
    /// Writes recipes as Dockerfiles.
    let contexts: BuildContext
    /// Runs the jobs of the server.
    let worker: Worker

    /// Opens the data directory, creating what is missing.
    ///
    /// - Parameters:
    ///   - engine: the Docker engine of the builder `docker`; nil for none.
    ///   - customPackagers: what integrations with images of their own run in, and by which rules; nil for none.
    ///   - configure: what is otherwise than a user's own command has it.
    init(
        data: DataOptions,
        build: BuildOptions,
        engine: EngineAddress?,
        customPackagers: CustomPackagerChoice? = nil,
        configure: (inout PackagerConfiguration) throws -> Void = { _ in }
    ) async throws {
        var configuration = PackagerConfiguration(data: data.directory.path)
        configuration.limits = try build.artifactLimits
        configuration.builders = BuilderPolicy(engine: engine != nil, templates: true)
        if let customPackagers { configuration.customPackagers = customPackagers.policy }
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
            generators: [
                environments, CondaEnvironmentGenerator(settings: build.condaSettings, wheels: environments),
            ],
            options: try build.assemblerOptions
        )
        let contexts = BuildContext(environments: environments, assembler: assembler)
        let work = configuration.directory.work
        packager = Packager(
            assembler: assembler,
            inspections: service.inspections,
            locations: service.blobLocations,
            http: http,
            work: work,
            limits: configuration.limits,
            engineBuilder: engine.map { address in
                EngineBuilder(
                    DockerEngine(address, over: http),
                    contexts: contexts,
                    network: build.engineNetwork,
                    work: work
                )
            }
        )
        self.contexts = contexts
        customPackager = try customPackagers.map { [packager] choice in
            CustomPackager(
                in: try choice.runtime(network: build.engineNetwork, directory: configuration.directory, http: http),
                packager: packager,
                work: work,
                limits: configuration.limits,
                timeout: choice.timeout
            )
        }
        worker = Worker(
            service,
            runner: CorridorRunner(service: service, packager: packager, customPackager: customPackager),
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
