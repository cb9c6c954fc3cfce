import FileSystem
import SystemPackage

/// Everything that routes and commands ask for: entities, their logs, artifacts.
///
/// All methods throw ``ServiceError`` for what the user can mend.
package struct PackagerService: Sendable {
    package let configuration: PackagerConfiguration
    package let artifacts: ArtifactStore
    /// Layer index and inspections, for the corridor.
    package let database: PackagerDatabase
    /// Turns a packaging into the corridor's request, for the runner of jobs.
    package let preparation: PackagingPreparation
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
        preparation = PackagingPreparation(
            database: database,
            artifacts: artifacts,
            integrations: catalog,
            locations: locations
        )
        try await blocking {
            for path in [directory.store, directory.logs, directory.work] { try path.createDirectories() }
        }
        for connection in BuiltInConnection.all { _ = try await database.insert(connection, builtIn: true) }
    }

    /// Releases the database; the service is of no use afterwards.
    package func close() throws { try database.close() }
}
