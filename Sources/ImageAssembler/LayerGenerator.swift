package import JSON
package import Logging
package import OCI

/// Turns a `generated` layer of a recipe into layers; the assembler knows it by its kind only.
package protocol LayerGenerator: Sendable {
    /// The name recipes call it by, such as "python-environment".
    var kind: String { get }

    /// Plans the layers, lowest first. Work that a known key would save belongs in the plans' `entries`.
    ///
    /// - Parameters:
    ///   - parameters: what the recipe asks for, in the generator's own form.
    ///   - base: the image that the layers will lie on.
    ///   - maximumLayers: how many layers the image has room for.
    func layers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger) async throws
        -> [LayerPlan]

    /// The directories that its layers fill, absolute.
    var directories: [String] { get }

    /// The same layers as far as they are known on this machine, without much work and without the network; nil where
    /// nothing is.
    func knownLayers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger) async throws
        -> KnownLayers?
}

extension LayerGenerator {
    package var directories: [String] { [] }

    package func knownLayers(
        for parameters: JSONValue,
        on base: BaseImage,
        maximumLayers: Int,
        logger: Logger
    ) async throws -> KnownLayers? { nil }
}

/// The image below ours: its manifest and configuration are read, its layers are not.
package struct BaseImage: Sendable {
    package var reference: ImageReference
    /// The manifest of the one platform that was chosen.
    package var descriptor: Descriptor
    package var manifest: ImageManifest
    package var configuration: ImageConfiguration
    /// Where the layers can be had.
    package var source: any ImageSource

    package init(
        reference: ImageReference,
        descriptor: Descriptor,
        manifest: ImageManifest,
        configuration: ImageConfiguration,
        source: any ImageSource
    ) {
        self.reference = reference
        self.descriptor = descriptor
        self.manifest = manifest
        self.configuration = configuration
        self.source = source
    }
}
