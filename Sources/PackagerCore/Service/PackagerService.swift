/// Everything that routes and commands ask for: entities, their logs, artifacts.
///
/// All methods throw ``ServiceError`` for what the user can mend.
package struct PackagerService: Sendable {
    package let configuration: PackagerConfiguration
    package let artifacts: ArtifactStore
    let database: PackagerDatabase
    let builtIns: [any Integration]

    /// Opens the data directory, creating it when it is missing.
    package init(_ configuration: PackagerConfiguration, integrations: [any Integration]) async throws {
        self.configuration = configuration
        builtIns = integrations
        database = try await PackagerDatabase(in: configuration.directory)
        artifacts = ArtifactStore(directory: configuration.directory.artifacts)
    }
}
