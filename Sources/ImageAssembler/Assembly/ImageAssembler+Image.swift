import JSON
import OCI

extension ImageAssembler {
    /// Configuration and manifest of an image whose layers are made.
    func image(_ recipe: ImageRecipe, on base: BaseImage, _ rows: [Image.LayerRow]) throws -> Image {
        let created = ImageConfiguration.timestamp(options.created)
        let configuration = ImageConfiguration(recipe, on: base, layers: rows.map(\.layer), created: created)
        let bytes = Array(try CanonicalJSON.encode(configuration))
        let descriptor = Descriptor(
            mediaType: .ociConfiguration,
            digest: .sha256(of: bytes),
            size: Int64(bytes.count)
        )
        let layers = base.rows + rows
        var annotations = recipe.annotations
        annotations.merge(base.annotations) { _, base in base }
        annotations["org.opencontainers.image.created"] = annotations["org.opencontainers.image.created"] ?? created
        let manifest = ImageManifest(
            config: descriptor,
            layers: layers.map(\.layer.descriptor),
            annotations: annotations
        )
        return Image(
            manifest: StoredManifest(mediaType: .ociManifest, bytes: try CanonicalJSON.encode(manifest)),
            configuration: configuration,
            configurationDescriptor: descriptor,
            configurationBytes: bytes,
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
