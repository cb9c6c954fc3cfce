/// What a custom packager finds in `mp.json`: the whole of a packaging, its connections in clear text. Field names are those
/// of ODAHU's `K8sPackager`.
struct PackagerInput: Sendable, Hashable, Codable {
    /// Where the artifact was read from.
    var modelHolder: Connection
    var modelPackaging: ModelPackaging
    var packagingIntegration: PackagingIntegration
    /// The artifact's name.
    var trainingZipName: String
    var targets: [Target]

    struct Target: Sendable, Hashable, Codable {
        /// As the integration's schema names it: "docker-push".
        var name: String
        var connection: Connection
    }
}
