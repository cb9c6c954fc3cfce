import JSON
import OCI

extension ImageAssembler {
    /// Configuration and manifest of an image whose layers are made.
    func image(_ recipe: ImageRecipe, on base: BaseImage, _ rows: [Image.LayerRow]) throws -> Image {
        let created = ImageConfiguration.timestamp(options.created)
        let configuration = ImageConfiguration(recipe, on: base, layers: rows.map(\.layer), created: created)
        return try Image(
            recipe,
            on: base,
            configuration: configuration,
            configurationBytes: Array(CanonicalJSON.encode(configuration)),
            layers: base.rows + rows
        )
    }
}

extension Image {
    /// The image of a configuration and layers, the base's among them: its manifest follows from these.
    ///
    /// - Parameters:
    ///   - base: what it stands on, to be named in the manifest; nil where that is not known.
    ///   - configurationBytes: the configuration as it is stored.
    init(
        _ recipe: ImageRecipe,
        on base: BaseImage?,
        configuration: ImageConfiguration,
        configurationBytes: [UInt8],
        layers: [LayerRow]
    ) throws {
        let descriptor = Descriptor(
            mediaType: .ociConfiguration,
            digest: .sha256(of: configurationBytes),
            size: Int64(configurationBytes.count)
        )
        var annotations = recipe.annotations
        annotations.merge(base?.annotations ?? [:]) { _, base in base }
        annotations["org.opencontainers.image.created"] =
            annotations["org.opencontainers.image.created"] ?? configuration.created
        let manifest = ImageManifest(
            config: descriptor,
            layers: layers.map(\.layer.descriptor),
            annotations: annotations
        )
        self.init(
            manifest: StoredManifest(mediaType: .ociManifest, bytes: try CanonicalJSON.encode(manifest)),
            configuration: configuration,
            configurationDescriptor: descriptor,
            configurationBytes: configurationBytes,
            layers: layers
        )
    }
}

extension BaseImage {
    /// What an image on it says of it. Source: OCI image specification, "Pre-Defined Annotation Keys".
    var annotations: [String: String] {
        [
            "org.opencontainers.image.base.name": reference.nameAndTag,
            "org.opencontainers.image.base.digest": descriptor.digest.description,
        ]
    }

    /// The base's own layers, as they are wherever it is.
    var rows: [Image.LayerRow] {
        zip(manifest.layers, configuration.rootfs.diffIDs).map { blob, diffID in
            var blob = blob
            blob.mediaType = blob.mediaType.ociEquivalent
            return Image.LayerRow(
                layer: Layer(name: "base \(reference)", descriptor: blob, diffID: diffID),
                provenance: .base,
                source: source,
                seconds: 0
            )
        }
    }
}

extension ImageReference {
    /// The name with its tag and without a digest.
    var nameAndTag: String { name + ":" + (tag ?? "latest") }
}
