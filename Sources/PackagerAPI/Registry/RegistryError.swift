import HTTPTypes
import Hummingbird

/// An error as registries give it. Source: OCI distribution specification, "Error Codes".
struct RegistryError: Error, Sendable, CustomStringConvertible {
    enum Code: String, Sendable {
        case blobUnknown = "BLOB_UNKNOWN"
        case digestInvalid = "DIGEST_INVALID"
        case manifestUnknown = "MANIFEST_UNKNOWN"
        case nameInvalid = "NAME_INVALID"
        case nameUnknown = "NAME_UNKNOWN"
        case paginationInvalid = "PAGINATION_NUMBER_INVALID"
        case rangeInvalid = "RANGE_INVALID"
        case unauthorized = "UNAUTHORIZED"
        case unsupported = "UNSUPPORTED"
    }

    var code: Code
    var description: String
    var status: HTTPResponse.Status
    /// What the error is about: `name`, `tag`, `digest`.
    var detail: [String: String]
    var headers: HTTPFields = [:]

    static func unknownName(_ name: String) -> RegistryError {
        RegistryError(
            code: .nameUnknown,
            description: "there is no image \(name) in this store",
            status: .notFound,
            detail: ["name": name]
        )
    }

    static func invalidName(_ name: String) -> RegistryError {
        RegistryError(
            code: .nameInvalid,
            description: "\(name) is not a repository name",
            status: .badRequest,
            detail: ["name": name]
        )
    }

    static func unknownManifest(_ reference: String, _ name: String) -> RegistryError {
        RegistryError(
            code: .manifestUnknown,
            description: "there is no manifest \(reference) of \(name) in this store",
            status: .notFound,
            detail: ["name": name, "reference": reference]
        )
    }

    static func unknownBlob(_ digest: String, _ name: String) -> RegistryError {
        RegistryError(
            code: .blobUnknown,
            description: "there is no blob \(digest) in this store",
            status: .notFound,
            detail: ["name": name, "digest": digest]
        )
    }

    static func invalidDigest(_ digest: String) -> RegistryError {
        RegistryError(
            code: .digestInvalid,
            description: "\(digest) is not a digest",
            status: .badRequest,
            detail: ["digest": digest]
        )
    }

    static let readOnly = RegistryError(
        code: .unsupported,
        description: "this registry is read only: images get here by packaging; push to another registry",
        status: .methodNotAllowed,
        detail: [:],
        headers: [.allow: "GET, HEAD"]
    )

    static let unknownPath = RegistryError(
        code: .unsupported,
        description: "this registry has no such operation; it serves manifests, blobs, tags/list and _catalog",
        status: .notFound,
        detail: [:]
    )

    func reply() throws -> Response {
        struct Body: Encodable {
            struct Item: Encodable {
                var code: String
                var message: String
                var detail: [String: String]
            }
            var errors: [Item]
        }
        return try .json(
            Body(errors: [Body.Item(code: code.rawValue, message: description, detail: detail)]),
            status: status,
            headers: headers
        )
    }
}
