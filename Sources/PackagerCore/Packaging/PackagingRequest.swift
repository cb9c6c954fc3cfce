package import JSON
package import OCI
package import Registry
package import SystemPackage

/// Everything one packaging needs, gathered and validated before work starts.
package struct PackagingRequest: Sendable {
    /// Where the model's files come from.
    package enum Artifact: Sendable {
        /// An archive and, where it is known already, the SHA-256 of its bytes.
        case archive(FilePath, digest: Digest?)
        case directory(FilePath)
    }

    /// Where the image goes.
    package enum Target: Sendable {
        /// The local store, under this name.
        case store
        /// A registry: host and optional path (`registry.example/team`).
        case registry(prefix: String, credentials: any CredentialStore, plainHTTP: Bool)
    }

    package var artifact: Artifact
    /// The name a model gets that has none of its own: the artifact's, without its extension.
    package var fallbackName: String
    package var integration: any Integration
    /// As the user gave them; validated against the integration's schema.
    package var arguments: [String: JSONValue]
    package var target: Target
    /// The whole name to push to, in place of the integration's `imageName`.
    package var tag: ImageReference?
    package var pullCredentials: any CredentialStore
    package var platform: Platform
}
