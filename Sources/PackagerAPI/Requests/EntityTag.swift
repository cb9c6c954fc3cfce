import FoundationEssentials
import HTTPTypes
import Hummingbird
import PackagerCore

/// The `ETag` of an entity: it changes with every edit, and not while its job runs. Source: RFC 9110, section 8.8.3.
enum EntityTag {
    /// Nothing for what is built in, since nobody can change it.
    static func headers(of entity: some EntityDocument) -> HTTPFields { headers(updatedAt: entity.updatedAt) }

    static func headers(updatedAt: Date?) -> HTTPFields {
        guard let updatedAt else { return [:] }
        return [.eTag: "\"\(ExpectedVersion.name(updatedAt: updatedAt))\""]
    }
}

extension Request {
    /// What `If-Match` says; nil without it. A weak tag matches nothing. Source: RFC 9110, section 13.1.1.
    var expectedVersion: ExpectedVersion? {
        guard let field = headers[.ifMatch] else { return nil }
        if field == "*" { return .any }
        let tags = field.matches(of: /(W\/)?"([^"]*)"/).filter { $0.output.1 == nil }
        return .oneOf(Set(tags.map { String($0.output.2) }))
    }

    /// - Throws: ``APIError`` for a key that is empty, longer than 255 bytes or not printable ASCII.
    var idempotencyKey: String? {
        get throws {
            guard let key = headers[.idempotencyKey] else { return nil }
            guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw APIError(
                    .badRequest,
                    "Idempotency-Key must be 1 to 255 printable ASCII characters without spaces"
                )
            }
            return key
        }
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self.known("Idempotency-Key")
}
