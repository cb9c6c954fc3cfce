import HTTPTypes
import Hummingbird
import OCI

/// A blob from its file.
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
        let file = FileReply(
            path: blob.path,
            size: blob.size,
            entityTag: digest.description,
            headers: [
                .contentType: "application/octet-stream",
                .dockerContentDigest: digest.description,
                .cacheControl: "max-age=31536000, immutable",
            ]
        )
        return try await file.reply(request, context) { headers in
            RegistryError(
                code: .rangeInvalid,
                description: "the blob has \(blob.size) bytes; the range lies outside of them",
                status: .rangeNotSatisfiable,
                detail: ["digest": digest.description],
                headers: headers
            )
        }
    }
}
