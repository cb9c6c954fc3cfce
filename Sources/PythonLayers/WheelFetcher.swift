package import OCI
package import SystemPackage

/// A file that an index offers.
package struct FileRequest: Sendable, Hashable {
    /// `http` or `https`, without credentials.
    package var url: String
    /// The value of the `Authorization` header.
    package var authorization: String?

    package init(url: String, authorization: String?) {
        self.url = url
        self.authorization = authorization
    }
}

/// Downloads a file to a path where nothing is yet, and gives the SHA-256 of what arrived.
package typealias WheelFetcher = @Sendable (FileRequest, FilePath) async throws -> Digest
