package import OCI

/// An assembled image: manifest, configuration and where every blob is.
package struct Image: Sendable {
    /// Where a layer came from, for the report.
    package enum Provenance: String, Sendable, Codable {
        case base, built, cached
    }

    package struct LayerRow: Sendable {
        package var layer: Layer
        package var provenance: Provenance
        /// Where its blob can be read.
        package var source: any ImageSource
        /// Seconds that making it took; 0 for a base or cached layer.
        package var seconds: Double

        package init(layer: Layer, provenance: Provenance, source: any ImageSource, seconds: Double) {
            self.layer = layer
            self.provenance = provenance
            self.source = source
            self.seconds = seconds
        }
    }

    package var manifest: StoredManifest
    package var configuration: ImageConfiguration
    /// The configuration's own blob.
    package var configurationDescriptor: Descriptor
    package var configurationBytes: [UInt8]
    /// Lowest first, the base's layers included.
    package var layers: [LayerRow]

    package var digest: Digest { manifest.descriptor.digest }
    /// Bytes of all blobs, compressed as they are: what a first pull transfers.
    package var size: Int64 { layers.reduce(configurationDescriptor.size) { $0 + $1.layer.descriptor.size } }

    package init(
        manifest: StoredManifest,
        configuration: ImageConfiguration,
        configurationDescriptor: Descriptor,
        configurationBytes: [UInt8],
        layers: [LayerRow]
    ) {
        self.manifest = manifest
        self.configuration = configuration
        self.configurationDescriptor = configurationDescriptor
        self.configurationBytes = configurationBytes
        self.layers = layers
    }
}
