/// A media type of the OCI image specification, of Docker's older formats, or anyone else's.
package struct MediaType: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    package var rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ociManifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    package static let ociIndex = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    package static let ociConfiguration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    package static let ociLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    package static let ociLayerGzip = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    package static let ociLayerZstandard = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    package static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerManifestList =
        MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    package static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    package static let dockerLayerGzip = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")
    package static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")

    package var isIndex: Bool { self == .ociIndex || self == .dockerManifestList }
    package var isManifest: Bool { self == .ociManifest || self == .dockerManifest }

    /// What a client that packages or copies images accepts, most wanted first.
    package static let acceptedManifests: [MediaType] = [.ociIndex, .dockerManifestList, .ociManifest, .dockerManifest]

    /// The OCI type that means the same as one of Docker's; a manifest must not mix the two families.
    package var ociEquivalent: MediaType {
        switch self {
        case .dockerManifest: .ociManifest
        case .dockerManifestList: .ociIndex
        case .dockerConfiguration: .ociConfiguration
        case .dockerLayerGzip: .ociLayerGzip
        case .dockerLayer: .ociLayer
        default: self
        }
    }

    package var description: String { rawValue }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
