/// A version of the Docker Engine API, such as 1.41.
package struct EngineVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int

    /// The first that this program speaks: Docker 20.10.
    package static let oldest = EngineVersion(major: 1, minor: 41)
    /// The last whose changes were looked at: Docker 28.
    package static let newest = EngineVersion(major: 1, minor: 51)

    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Nil for what is no `MAJOR.MINOR`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else {
            return nil
        }
        self.init(major: major, minor: minor)
    }

    package static func < (one: EngineVersion, other: EngineVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    package var description: String { "\(major).\(minor)" }
}
