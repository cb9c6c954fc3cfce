package import SystemPackage

/// What a packaging that runs without a server takes from its own manifests.
package struct LocalInputs: Sendable {
    package var connections: [Connection]
    package var integrations: [PackagingIntegration]
    /// The directory that holds the artifact, in place of what `outputConnection` names.
    package var artifacts: FilePath?

    package init(
        connections: [Connection] = [],
        integrations: [PackagingIntegration] = [],
        artifacts: FilePath? = nil
    ) {
        self.connections = connections
        self.integrations = integrations
        self.artifacts = artifacts
    }
}
