package import ImageAssembler
package import OCI

/// What a packaging made, and what it took.
package struct PackagedImage: Sendable {
    /// One step of the main corridor.
    package struct Step: Sendable, Hashable, Codable {
        package var name: String
        package var seconds: Double
    }

    /// The name it was given, with its tag.
    package var reference: ImageReference
    /// The image: its layers, configuration and manifest.
    package var image: Image
    package var push: ImagePusher.Report
    package var steps: [Step]

    package var digest: Digest { image.digest }
}
