package import DockerEngine
package import ImageAssembler
package import OCI

/// The image of a container, and how to come by it.
package struct ContainerImage: Sendable {
    package var reference: ImageReference
    /// Whether it is in a store of this machine's, and nowhere else that is known of.
    package var isStored: Bool
    /// For an engine that pulls it by itself.
    package var credential: EngineCredential?
    /// Reads its manifest and configuration, from the store or from its registry.
    package var resolve: @Sendable () async throws -> BaseImage

    package init(
        _ reference: ImageReference,
        isStored: Bool,
        credential: EngineCredential? = nil,
        resolve: @escaping @Sendable () async throws -> BaseImage
    ) {
        self.reference = reference
        self.isStored = isStored
        self.credential = credential
        self.resolve = resolve
    }

    /// Whether its name may stand for another image than it did; as Kubernetes has it, that is so of `latest`.
    var mayHaveChanged: Bool { reference.digest == nil && (reference.tag ?? "latest") == "latest" }
}
