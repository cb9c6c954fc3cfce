/// What pip calls installed, by the name of its directory in `site-packages`.
struct InstalledDistribution: Hashable {
    /// Normalised (PEP 503).
    var name: String
    var version: String

    /// Reads `numpy-1.26.4.dist-info` and `PyYAML-6.0-py3.11.egg-info`; nil for any other name.
    init?(directory: String) {
        let stem: Substring
        if directory.hasSuffix(".dist-info") {
            stem = directory.dropLast(10)
        } else if directory.hasSuffix(".egg-info") {
            stem = directory.dropLast(9)
        } else {
            return nil
        }
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts[0].isEmpty, parts[1].first?.isNumber == true else { return nil }
        name = parts[0].lowercased().split { "-_.".contains($0) }.joined(separator: "-")
        version = String(parts[1])
    }
}
