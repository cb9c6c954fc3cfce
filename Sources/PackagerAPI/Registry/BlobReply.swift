import HTTPTypes
import Hummingbird
import OCI
import SystemPackage

/// A blob from its file, whole or in part, never as a whole in memory.
///
/// Any blob of the store is served under any repository that there is: whoever knows a digest has seen a manifest that
/// names it, and the server has no users whom it could tell apart.
struct BlobReply {
    var images: any ImageCatalog
    var repository: String
    var digest: Digest

    func reply(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        guard try await images.repositories()[repository] != nil else { throw RegistryError.unknownName(repository) }
        guard let blob = try await images.blob(digest) else {
            throw RegistryError.unknownBlob(digest.description, repository)
        }
        var headers: HTTPFields = [
            .contentType: "application/octet-stream",
            .dockerContentDigest: digest.description,
            .eTag: "\"\(digest)\"",
            .acceptRanges: "bytes",
            .cacheControl: "max-age=31536000, immutable",
        ]
        if request.holds(entityTag: digest.description) { return Response(status: .notModified, headers: headers) }
        switch ByteRange(range(request), size: blob.size) {
        case .whole:
            headers[.contentLength] = String(blob.size)
            guard blob.size > 0 else { return Response(status: .ok, headers: headers) }
            return try await response(.ok, headers, blob, 0...blob.size - 1, context)
        case .part(let range):
            headers[.contentLength] = String(range.count)
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(blob.size)"
            return try await response(.partialContent, headers, blob, range, context)
        case .unsatisfiable:
            throw RegistryError(
                code: .rangeInvalid,
                description: "the blob has \(blob.size) bytes; the range lies outside of them",
                status: .rangeNotSatisfiable,
                detail: ["digest": digest.description],
                headers: [.contentRange: "bytes */\(blob.size)"]
            )
        }
    }

    /// The range, unless it is for another state of the blob than there is.
    private func range(_ request: Request) -> String? {
        if let condition = request.headers[.ifRange], condition != "\"\(digest)\"" { return nil }
        return request.headers[.range]
    }

    private func response(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ blob: StoredBlob,
        _ range: ClosedRange<Int64>,
        _ context: APIRequestContext
    ) async throws -> Response {
        let body = try await FileIO().loadFile(
            path: blob.path.string,
            range: Int(range.lowerBound)...Int(range.upperBound),
            context: context,
            chunkLength: 256 << 10
        )
        return Response(status: status, headers: headers, body: body)
    }
}
