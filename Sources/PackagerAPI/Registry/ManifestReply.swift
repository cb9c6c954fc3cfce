import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import OCI

/// A manifest or index, exactly as it is stored.
struct ManifestReply {
    var images: any ImageCatalog
    var repository: String
    var selector: ManifestSelector

    func reply(_ request: Request) async throws -> Response {
        guard var manifest = try await images.manifest(selector, in: repository) else {
            guard try await images.repositories()[repository] != nil else {
                throw RegistryError.unknownName(repository)
            }
            throw RegistryError.unknownManifest("\(selector)", repository)
        }
        // A client that does not know indexes gets the image for this machine, as from other registries. A digest
        // always means the bytes that have it.
        if case .tag = selector, manifest.descriptor.mediaType.isIndex, !Self.takesIndexes(request) {
            manifest = try await imageForThisMachine(in: manifest)
        }
        let digest = manifest.descriptor.digest.description
        var headers: HTTPFields = [
            .contentType: manifest.descriptor.mediaType.rawValue,
            .dockerContentDigest: digest,
            .eTag: "\"\(digest)\"",
        ]
        if request.holds(entityTag: digest) { return Response(status: .notModified, headers: headers) }
        headers[.contentLength] = String(manifest.bytes.count)
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: manifest.bytes))
        )
    }

    private func imageForThisMachine(in index: StoredManifest) async throws -> StoredManifest {
        guard let list = try? CanonicalJSON.decode(ImageIndex.self, from: index.bytes),
            let descriptor = list.manifest(for: .host),
            let manifest = try await images.manifest(.digest(descriptor.digest), in: repository)
        else { return index }
        return manifest
    }

    /// True too for a client that says nothing about manifests.
    private static func takesIndexes(_ request: Request) -> Bool {
        let accepted = request.headers[values: .accept].flatMap { $0.split(separator: ",") }
            .map { OCI.MediaType(rawValue: String($0.prefix { $0 != ";" }.filter { $0 != " " })) }
        return !accepted.contains(where: \.isManifest) || accepted.contains { $0.isIndex || $0.rawValue == "*/*" }
    }
}

extension Request {
    /// Whether the client says that it has this already. Source: RFC 9110, section 13.1.2.
    func holds(entityTag: String) -> Bool {
        headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.contains { tag in
            let text = tag.filter { $0 != " " }
            return text == "*" || text == "\"\(entityTag)\"" || text == "W/\"\(entityTag)\""
        }
    }
}
