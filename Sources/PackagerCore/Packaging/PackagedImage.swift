package import ImageAssembler
package import OCI

/// What a packaging made, and what it took.
package struct PackagedImage: Sendable {
    /// The integration that it was made with.
    package var integration: String
    /// The name it was given, with its tag.
    package var reference: ImageReference
    /// The image: its layers, configuration and manifest.
    package var image: Image
    package var push: ImagePusher.Report
    package var steps: [PackagingStep]

    package init(
        integration: String,
        reference: ImageReference,
        image: Image,
        push: ImagePusher.Report,
        steps: [PackagingStep]
    ) {
        self.integration = integration
        self.reference = reference
        self.image = image
        self.push = push
        self.steps = steps
    }

    package var digest: Digest { image.digest }
}
