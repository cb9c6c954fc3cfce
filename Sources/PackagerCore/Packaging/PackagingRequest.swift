package import JSON
package import OCI
import Registry
package import SystemPackage
import TrainedModels

/// Everything one image needs, gathered and validated before work starts.
package struct PackagingRequest: Sendable {
    /// Where the model's files come from.
    package enum Artifact: Sendable, Hashable {
        /// An archive and, where it is known already, the SHA-256 of its bytes.
        case archive(FilePath, digest: Digest?)
        case directory(FilePath)

        var path: FilePath {
            switch self {
            case .archive(let path, _), .directory(let path): path
            }
        }

        /// The last part of its path.
        var name: String { path.lastComponent?.string ?? path.string }
    }

    /// Where the image goes.
    package enum Target: Sendable {
        /// The local store.
        case store
        case registry(RegistryAccess)
    }

    package var artifact: Artifact
    /// The name a model gets that has none of its own: the artifact's, without its extension.
    package var fallbackName: String
    package var integration: any Integration
    /// As the user gave them; validated against the integration's schema.
    package var arguments: [String: JSONValue]
    package var target: Target
    /// Host and path that go before the image's name: `registry.example/team`; empty for the store.
    package var prefix: String
    /// The whole name to push to, in place of the integration's `imageName`.
    package var tag: ImageReference?
    /// How the base image's registry is visited.
    package var pull: RegistryAccess
    /// Is told how far the image is.
    package var progress = PackagingProgress()

    package init(
        artifact: Artifact,
        fallbackName: String,
        integration: any Integration,
        arguments: [String: JSONValue] = [:],
        target: Target = .store,
        prefix: String = "",
        tag: ImageReference? = nil,
        pull: RegistryAccess = RegistryAccess(credentials: StaticCredentials())
    ) {
        self.artifact = artifact
        self.fallbackName = fallbackName
        self.integration = integration
        self.arguments = arguments
        self.target = target
        self.prefix = prefix
        self.tag = tag
        self.pull = pull
    }

    /// The image's whole name.
    ///
    /// - Throws: ``PackagingError`` `invalidImageName`.
    func reference(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageReference {
        if let tag { return tag }
        let template = arguments["imageName"]?.stringValue ?? ImageNameTemplate.default
        return try ImageNameTemplate(template).render(prefix: prefix, name: model.name, version: model.version)
    }
}
