/// One image: its configuration and its layers, lowest first. Source: OCI image specification, "Image Manifest".
package struct ImageManifest: Sendable, Hashable, Codable {
    package var schemaVersion = 2
    package var mediaType: MediaType?
    package var artifactType: String?
    package var config: Descriptor
    package var layers: [Descriptor]
    package var subject: Descriptor?
    package var annotations: [String: String]?

    package init(
        mediaType: MediaType = .ociManifest,
        config: Descriptor,
        layers: [Descriptor],
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}

/// Several images under one name, one for a platform. Source: OCI image specification, "Image Index".
package struct ImageIndex: Sendable, Hashable, Codable {
    package var schemaVersion = 2
    package var mediaType: MediaType?
    package var manifests: [Descriptor]
    package var annotations: [String: String]?

    package init(mediaType: MediaType = .ociIndex, manifests: [Descriptor]) {
        self.mediaType = mediaType
        self.manifests = manifests
    }

    /// The first manifest that runs on a platform; attestations (`unknown/unknown`) never match.
    package func manifest(for platform: Platform) -> Descriptor? {
        manifests.first { $0.platform.map(platform.accepts) ?? false }
    }
}
