package import FoundationEssentials
package import SystemPackage

/// What a manifest is asked for by.
package enum ManifestSelector: Sendable, Hashable, CustomStringConvertible {
    case tag(String)
    case digest(Digest)

    package var description: String {
        switch self {
        case .tag(let tag): tag
        case .digest(let digest): digest.description
        }
    }
}

/// Where images are: two places with one origin hold the same blobs.
package enum ImageOrigin: Sendable, Hashable, CustomStringConvertible {
    case registry(host: String, repository: String)
    case layout(FilePath)

    package var description: String {
        switch self {
        case .registry(let host, let repository): "\(host)/\(repository)"
        case .layout(let path): "\(path)"
        }
    }
}

/// A manifest or index exactly as stored: its digest is that of these bytes.
package struct StoredManifest: Sendable, Hashable {
    package var descriptor: Descriptor
    package var bytes: Data

    package init(mediaType: MediaType, bytes: Data) {
        descriptor = Descriptor(mediaType: mediaType, digest: .sha256(of: bytes), size: Int64(bytes.count))
        self.bytes = bytes
    }
}

/// The bytes of a blob, wherever they are.
package enum BlobContent: Sendable {
    /// A file that holds the blob and nothing else.
    case file(FilePath)
    case bytes([UInt8])
    /// Chunks in order, each asked for when the one before is used. Read once.
    case stream(any AsyncSequence<[UInt8], any Error> & Sendable)
}

/// One repository that images are read from: in a registry or in a layout on disk.
package protocol ImageSource: Sendable {
    var origin: ImageOrigin { get }

    /// The manifest or index under a tag or digest, as stored.
    ///
    /// - Throws: when there is none, or when its bytes do not have the digest asked for.
    func manifest(_ selector: ManifestSelector) async throws -> StoredManifest

    /// The bytes of a blob. Whoever reads a `.stream` verifies its digest.
    func blob(_ descriptor: Descriptor) async throws -> BlobContent
}

/// One repository that images are written to: in a registry or in a layout on disk.
package protocol ImageDestination: Sendable {
    var origin: ImageOrigin { get }

    /// Whether the blob is there already.
    func contains(_ blob: Descriptor) async throws -> Bool

    /// Makes a blob of another repository part of this one without moving its bytes.
    ///
    /// - Returns: false when that cannot be done and the bytes have to be put.
    func mount(_ blob: Descriptor, from origin: ImageOrigin) async throws -> Bool

    /// Stores a blob; it is there whole and verified when this returns, and not at all when it throws.
    func put(_ blob: Descriptor, _ content: BlobContent) async throws

    /// Stores a manifest whose blobs are there, under its digest and, where given, a tag.
    func put(_ manifest: StoredManifest, tag: String?) async throws
}

extension ImageSource {
    /// A whole small blob (a configuration), verified.
    package func smallBlob(_ descriptor: Descriptor, limit: Int = 8 << 20) async throws -> Data {
        guard descriptor.size <= limit else {
            throw BlobError(
                descriptor.digest,
                "has \(descriptor.size) bytes, more than the \(limit) that are allowed here"
            )
        }
        var bytes = Data()
        switch try await blob(descriptor) {
        case .bytes(let content): bytes.append(contentsOf: content)
        case .file(let path): bytes = try Data(contentsOf: URL(filePath: path.string))
        case .stream(let chunks):
            for try await chunk in chunks {
                bytes.append(contentsOf: chunk)
                guard bytes.count <= limit else { throw BlobError(descriptor.digest, "is longer than it says") }
            }
        }
        guard Digest.sha256(of: bytes) == descriptor.digest else {
            throw BlobError(descriptor.digest, "arrived with other content than its digest says")
        }
        return bytes
    }
}

/// A blob that is not what its descriptor says.
package struct BlobError: Error, Sendable, CustomStringConvertible {
    package var digest: Digest
    package var reason: String

    package init(_ digest: Digest, _ reason: String) {
        self.digest = digest
        self.reason = reason
    }

    package var description: String { "blob \(digest) \(reason)" }
}
