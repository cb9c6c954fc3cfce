package import JSON
package import OCI

/// A model in a registry or in the cache: its manifest and configuration, read and found to be sane. None of its files
/// is read.
package struct ModelBundle: Sendable {
    package let profile: BundleProfile
    package let stored: StoredManifest
    package let manifest: ImageManifest
    package let configuration: JSONValue
    package private(set) var layers: [BundleLayer]
    /// What `ormbfile.yaml` says; nil where the bundle has none.
    package let metadata: BundleMetadata?

    /// Registries take no longer ones. Bytes.
    package static let manifestLimit = 4 << 20
    static let configurationLimit = 8 << 20

    package var digest: Digest { stored.descriptor.digest }

    /// - Parameter name: what was asked for, for errors.
    /// - Throws: ``BundleError`` `notABundle`, `hostile`, `metadata`.
    package init(_ stored: StoredManifest, from source: any ImageSource, named name: String) async throws {
        let manifest = try Self.manifest(stored, name)
        guard let profile = BundleProfile.of(manifest) else {
            let type = (manifest.artifactType ?? manifest.config.mediaType.rawValue).printable
            throw BundleError(
                .notABundle,
                "\(name) is no model: its type is \(type); models of ORMB, ModelPack, KitOps and Docker are read"
            )
        }
        self.stored = stored
        self.manifest = manifest
        self.profile = profile
        layers = try Self.layers(manifest, profile, name)
        configuration = try await Self.configuration(manifest.config, source, name)
        metadata = try await Self.metadata(profile, configuration, layers, source)
    }

    /// The same model with some of its layers only, to export what was pulled of it.
    package func keeping(_ layers: [BundleLayer]) -> ModelBundle {
        var part = self
        part.layers = layers
        return part
    }

    /// Whether the files belong below `model/`, beside `ormbfile.yaml`, when they are unpacked.
    var hasORMBLayout: Bool { profile == .modelPack && metadata != nil }

    private static func manifest(_ stored: StoredManifest, _ name: String) throws -> ImageManifest {
        guard stored.bytes.count <= manifestLimit else {
            throw BundleError(
                .hostile,
                "the manifest of \(name) has \(stored.bytes.count) bytes, more than the \(manifestLimit) that are read"
            )
        }
        if stored.descriptor.mediaType.isIndex {
            throw BundleError(
                .notABundle,
                "\(name) is an index of several artifacts; name one of them by its digest: NAME@sha256:…"
            )
        }
        guard let manifest = try? CanonicalJSON.decode(ImageManifest.self, from: stored.bytes) else {
            throw BundleError(.notABundle, "\(name) has a manifest that cannot be read")
        }
        return manifest
    }

    private static func layers(_ manifest: ImageManifest, _ profile: BundleProfile, _ name: String) throws
        -> [BundleLayer]
    {
        if profile == .ormb { try checkAsORMB(manifest) }
        for descriptor in [manifest.config] + manifest.layers {
            guard descriptor.size >= 0, descriptor.digest.algorithm == .sha256 else {
                throw BundleError(
                    .hostile,
                    "\(name) has a blob that cannot be: \(descriptor.digest), \(descriptor.size) bytes"
                )
            }
        }
        let counts = Dictionary(manifest.layers.map { ($0.mediaType, 1) }, uniquingKeysWith: +)
        var numbers: [MediaType: Int] = [:]
        var paths: Set<String> = []
        return try manifest.layers.map { descriptor in
            let number = numbers[descriptor.mediaType, default: 0] + 1
            numbers[descriptor.mediaType] = number
            let count = counts[descriptor.mediaType] ?? 1
            let layer = try BundleLayer(descriptor, of: profile, number: number, of: count)
            if let path = layer.path, !paths.insert(path).inserted {
                throw BundleError(.hostile, "\(name) has the file \"\(path.printable)\" twice; it is not unpacked")
            }
            return layer
        }
    }

    /// What ORMB's own program checks of a manifest, in its words. Source: ORMB, `pkg/oras`.
    private static func checkAsORMB(_ manifest: ImageManifest) throws {
        guard manifest.layers.count == 1 else {
            throw BundleError(
                .notABundle,
                "manifest does not contain exactly 1 layer (total: \(manifest.layers.count))"
            )
        }
        let layer = manifest.layers[0]
        guard layer.mediaType == .ormbLayer else {
            throw BundleError(.notABundle, "manifest does not contain a layer with mediatype \(MediaType.ormbLayer)")
        }
        guard layer.size > 0 else {
            throw BundleError(.notABundle, "manifest layer with mediatype \(MediaType.ormbLayer) is of size 0")
        }
    }

    private static func configuration(_ descriptor: Descriptor, _ source: any ImageSource, _ name: String) async throws
        -> JSONValue
    {
        let bytes = try await source.smallBlob(descriptor, limit: configurationLimit)
        guard let value = try? CanonicalJSON.decode(JSONValue.self, from: bytes) else {
            throw BundleError(.notABundle, "the configuration of \(name) is no JSON")
        }
        return value
    }

    private static func metadata(
        _ profile: BundleProfile,
        _ configuration: JSONValue,
        _ layers: [BundleLayer],
        _ source: any ImageSource
    ) async throws -> BundleMetadata? {
        switch profile {
        case .ormb: return try BundleMetadata(reading: configuration, from: "the configuration")
        case .modelPack:
            guard let layer = layers.first(where: { $0.path == MetadataFile.name }) else { return nil }
            let bytes = try await source.smallBlob(layer.descriptor)
            return try MetadataFile.metadata(in: Array(bytes), named: MetadataFile.name)
        case .kitOps, .dockerModel: return nil
        }
    }
}

extension ModelBundle {
    /// The format in the bundle's own words; nil where it says none.
    package var format: String? {
        switch profile {
        case .ormb: metadata?.format
        case .modelPack: metadata?.format ?? configuration["config"]?["format"]?.stringValue
        case .kitOps:
            configuration["model"]?["format"]?.stringValue ?? configuration["model"]?["framework"]?.stringValue
        case .dockerModel: configuration["config"]?["format"]?.stringValue
        }
    }

    /// What ORMB calls the model's digest: that of its one layer. Other profiles have several: their manifest's.
    package var modelDigest: Digest { profile == .ormb ? layers[0].descriptor.digest : digest }

    /// Bytes of the layers as they are transferred.
    package var size: Int64 {
        layers.reduce(0) { $0.addingReportingOverflow($1.descriptor.size).partialValue }
    }
}
