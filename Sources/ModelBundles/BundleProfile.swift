package import OCI

/// The ways in which models lie in registries.
package enum BundleProfile: String, Sendable, Hashable, CaseIterable {
    /// ORMB's: one compressed tar.
    case ormb
    /// CNCF ModelPack: a layer for each file.
    case modelPack = "modelpack"
    /// KitOps' ModelKit: a tar for each part. Read only.
    case kitOps = "kitops"
    /// Docker Model Runner's package. Read only.
    case dockerModel = "docker"

    package var isWritten: Bool { self == .ormb || self == .modelPack }

    /// The profile of a manifest; nil when it is no model's.
    static func of(_ manifest: ImageManifest) -> BundleProfile? {
        let type = manifest.config.mediaType
        if type == .ormbConfiguration { return .ormb }
        if type == .modelPackConfiguration || manifest.artifactType == MediaType.modelPackManifest.rawValue {
            return .modelPack
        }
        // ModelPack before it was CNCF's.
        if type.rawValue.hasPrefix("application/vnd.cnai.model.config.") { return .modelPack }
        if type.rawValue.hasPrefix("application/vnd.kitops.modelkit.config.") { return .kitOps }
        if type.rawValue.hasPrefix("application/vnd.docker.ai.model.config.") { return .dockerModel }
        return nil
    }
}

extension MediaType {
    package static let ormbConfiguration =
        MediaType(rawValue: "application/vnd.caicloud.model.config.v1alpha1+json")
    package static let ormbLayer = MediaType(rawValue: "application/tar+gzip")
    package static let modelPackManifest = MediaType(rawValue: "application/vnd.cncf.model.manifest.v1+json")
    package static let modelPackConfiguration = MediaType(rawValue: "application/vnd.cncf.model.config.v1+json")
}

/// Annotations of a bundle's layers.
enum LayerAnnotation {
    /// Where the file is. Source: ModelPack, `docs/annotations.md`.
    static let path = "org.cncf.model.filepath"
    static let legacyPath = "org.cnai.model.filepath"
    /// What the file's attributes are, as JSON.
    static let fileMetadata = "org.cncf.model.file.metadata+json"
    /// What oras, podman and CRI-O call the file.
    static let title = "org.opencontainers.image.title"
    /// Where the file lies in ORMB's layout, where that is not below `model/`.
    static let place = "io.packager.model.place"
}
