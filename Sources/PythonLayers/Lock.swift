/// A resolved environment: exact versions with the files that hold them.
package struct Lock: Sendable, Hashable, Codable {
    package var packages: [Package]

    package struct Package: Sendable, Hashable, Codable {
        /// Normalised.
        package var name: String
        package var version: String
        package var wheels: [File]
        package var sourceDistribution: File?
    }

    /// A file of a distribution.
    package struct File: Sendable, Hashable, Codable {
        /// An `https:`, `http:` or `file:` URL.
        package var url: String
        package var name: String
        /// Lower-case hexadecimal.
        package var sha256: String
        /// Bytes, where the index says.
        package var size: Int64?
    }
}
