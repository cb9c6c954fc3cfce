import OCI

/// What a path below `/v2/` asks for. Source: OCI distribution specification, "Endpoints".
///
/// Repository names hold slashes, so paths are read from their end.
enum RegistryOperation: Equatable {
    case check
    case catalog
    case tags(repository: String)
    case manifest(repository: String, ManifestSelector)
    case blob(repository: String, Digest)

    /// The operations as the OpenAPI document writes them.
    static let templates = [
        "/v2/", "/v2/_catalog", "/v2/{name}/tags/list", "/v2/{name}/manifests/{reference}", "/v2/{name}/blobs/{digest}",
    ]

    /// - Parameter path: percent-decoded, from `/v2` on.
    /// - Throws: ``RegistryError``: `NAME_INVALID`, `DIGEST_INVALID`, `MANIFEST_UNKNOWN` for what can be no tag, and
    ///   404 for any other path.
    init(path: String) throws {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).map(String.init)
        if parts.last == "" { parts.removeLast() }
        switch parts.count {
        case 0:
            self = .check
        case 1 where parts[0] == "_catalog":
            self = .catalog
        case 3...:
            let (kind, reference) = (parts[parts.count - 2], parts[parts.count - 1])
            let repository = parts.dropLast(2).joined(separator: "/")
            guard ["manifests", "blobs"].contains(kind) || (kind, reference) == ("tags", "list") else {
                throw RegistryError.unknownPath
            }
            guard ImageReference.isRepository(repository), repository.utf8.count <= 255 else {
                throw RegistryError.invalidName(repository)
            }
            switch kind {
            case "tags": self = .tags(repository: repository)
            case "blobs": self = .blob(repository: repository, try Self.digest(reference))
            default: self = .manifest(repository: repository, try Self.selector(reference, repository))
            }
        default:
            throw RegistryError.unknownPath
        }
    }

    private static func digest(_ text: String) throws -> Digest {
        guard let digest = Digest(text) else { throw RegistryError.invalidDigest(text) }
        return digest
    }

    private static func selector(_ text: String, _ repository: String) throws -> ManifestSelector {
        if text.contains(":") { return .digest(try digest(text)) }
        guard ImageReference.isTag(text) else { throw RegistryError.unknownManifest(text, repository) }
        return .tag(text)
    }
}
