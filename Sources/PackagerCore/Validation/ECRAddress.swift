/// An `ecr` connection's uri: the host of a registry at Amazon and an optional path.
///
/// Source: Amazon ECR user guide, "Amazon ECR private registries".
struct ECRAddress: Sendable, Hashable {
    var region: String

    /// Nil for what is no such uri.
    init?(_ uri: String) {
        let host = /[0-9]{12}\.dkr\.ecr(-fips)?\.([a-z0-9][-a-z0-9]*)\.amazonaws\.com(\.cn)?(\/[^\s]*)?/
        guard let match = uri.wholeMatch(of: host) else { return nil }
        region = String(match.output.2)
    }
}
