import FileSystem
package import ImageAssembler
import SystemPackage

/// Everything that routes and commands ask for: entities, their logs, artifacts.
///
/// All methods throw ``ServiceError`` for what the user can mend.
package struct PackagerService: Sendable {
    package let configuration: PackagerConfiguration
    package let artifacts: ArtifactStore
    /// Says what artifacts hold; looks into large ones only while it runs.
    package let inspector: ArtifactInspector
    /// The server's own images, which are what the connection `store` stands for.
    package let store: OCILayout
    /// What this process counts.
    package let metrics = PackagerMetrics()
    let database: PackagerDatabase
    let preparation: PackagingPreparation
    let catalog: IntegrationCatalog
    let locations: FileLocations

    /// Opens the data directory, creating it when it is missing.
    package init(_ configuration: PackagerConfiguration, integrations: [any Integration]) async throws {
        let directory = configuration.directory
        self.configuration = configuration
        database = try await PackagerDatabase(in: directory)
        artifacts = try await ArtifactStore(directory: directory.artifacts, database: database)
        catalog = IntegrationCatalog(builtIns: integrations, database: database)
        locations = FileLocations(configuration)
        let quickInspection = QuickInspection(inspections: database, work: directory.work)
        inspector = ArtifactInspector(artifacts: artifacts, quick: quickInspection, configuration)
        preparation = PackagingPreparation(
            database: database,
            artifacts: artifacts,
            integrations: catalog,
            locations: locations,
            quickInspection: quickInspection,
            builders: configuration.builders,
            defaults: PackagingDefaults(configuration),
            customPackagers: configuration.customPackagers
        )
        store = try await OCILayout.open(directory.store)
        try await blocking {
            for path in [directory.logs, directory.work] { try path.createDirectories() }
        }
        for connection in BuiltInConnection.all { _ = try await database.insert(connection, builtIn: true) }
    }

    package var layerIndex: any LayerIndex { database }
    package var inspections: any InspectionCache { database }
    package var blobLocations: any BlobLocationIndex { database }

    /// What the corridor needs to run a packaging.
    ///
    /// - Throws: `invalid` with everything that is wrong, as at the packaging's creation.
    package func request(for packaging: ModelPackaging, with local: LocalInputs = LocalInputs()) async throws
        -> PackagingRequest
    {
        var preparation = preparation
        preparation.local = local
        return try await preparation.request(for: packaging)
    }

    /// What the job of a packaging has to do.
    ///
    /// - Parameter local: what a run without a server brings along; nil for a server's job.
    /// - Throws: `invalid` with everything that is wrong, as at the packaging's creation.
    package func work(for packaging: ModelPackaging, with local: LocalInputs? = nil) async throws -> PackagingWork {
        var preparation = preparation
        preparation.local = local ?? LocalInputs()
        return try await preparation.work(for: packaging, isJob: local == nil)
    }

    /// Releases the database; the service is of no use afterwards.
    package func close() throws { try database.close() }
}
