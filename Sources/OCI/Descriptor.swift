/// What a blob or manifest is: its media type, digest and size. Source: OCI image specification, "Descriptors".
package struct Descriptor: Sendable, Hashable, Codable {
    package var mediaType: MediaType
    package var digest: Digest
    /// Bytes.
    package var size: Int64
    package var annotations: [String: String]?
    package var platform: Platform?
    package var artifactType: String?

    package init(
        mediaType: MediaType,
        digest: Digest,
        size: Int64,
        annotations: [String: String]? = nil,
        platform: Platform? = nil,
        artifactType: String? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.annotations = annotations
        self.platform = platform
        self.artifactType = artifactType
    }
}
