package import OCI

/// Remembers which repositories of a registry hold a blob, so that another repository there takes it over from them.
///
/// What it says is a hint: a repository that no longer has the blob costs one request.
package protocol BlobLocationIndex: Sendable {
    /// Repositories that were seen to hold a blob, the latest first.
    func repositories(holding blob: Digest, at host: String) async throws -> [String]
    func record(_ blobs: [Digest], in repository: String, at host: String) async throws
}
