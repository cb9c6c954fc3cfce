import Archive
import DockerREST
import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import PackagerCore
import PythonLayers
import SystemPackage
import Transfer

/// Puts the parts together: which integrations are built in, which generators make layers, where state is.
struct Composition: Sendable {
    /// A new way to package is one line here.
    static let integrations: [any Integration] = [DockerREST()]

    let service: PackagerService
    let packager: Packager
    let runner: CorridorRunner

    /// Opens the data directory, creating what is missing.
    init(
        data: DataOptions,
        build: BuildOptions,
        configure: (inout PackagerConfiguration) throws -> Void = { _ in }
    ) async throws {
        var configuration = PackagerConfiguration(data: data.directory.path)
        try configure(&configuration)
        service = try await PackagerService(configuration, integrations: Self.integrations)

        let http = try HTTPClient()
        let environments = PythonEnvironmentGenerator(settings: try build.environmentSettings(in: data.directory)) {
            try await http.download(file: $0, to: $1)
        }
        let assembler = ImageAssembler(
            store: service.store,
            index: service.layerIndex,
            generators: [environments],
            options: try build.assemblerOptions
        )
        packager = Packager(
            assembler: assembler,
            inspections: service.inspections,
            locations: service.blobLocations,
            http: http,
            work: configuration.directory.work,
            limits: configuration.limits
        )
        runner = CorridorRunner(service: service, packager: packager)
    }

    /// - Throws: ``CommandError`` with the ids there are.
    func integration(named id: String) throws -> any Integration {
        if let integration = Self.integrations.first(where: { $0.definition.id == id }) { return integration }
        let known = Self.integrations.map(\.definition.id).joined(separator: ", ")
        throw CommandError("there is no integration \"\(id)\"; there is \(known)")
    }
}

extension HTTPClient {
    /// A wheel's download as the Python environments ask for it.
    fileprivate func download(file request: FileRequest, to path: FilePath) async throws -> Digest {
        var transfer = TransferRequest(url: request.url)
        if let authorization = request.authorization { transfer.headers[.authorization] = authorization }
        return try await Digest(download(transfer, to: path).sha256)
    }
}
