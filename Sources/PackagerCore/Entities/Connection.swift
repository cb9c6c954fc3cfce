package import FoundationEssentials

/// A registry or store and the credentials for it. Field names are ODAHU's.
///
/// In memory `password`, `keyID`, `keySecret` and `publicKey` are clear text; on the wire they are base64, and masked
/// in every reply.
package struct Connection: Sendable, Hashable, Codable {
    package var id: String
    package var createdAt: Date?
    package var updatedAt: Date?
    package var spec: Spec

    package init(id: String, spec: Spec) {
        self.id = id
        self.spec = spec
    }

    package struct Spec: Sendable, Hashable, Codable {
        package var type: String
        package var uri: String
        package var region: String?
        package var username: String?
        package var password: String?
        package var role: String?
        package var keyID: String?
        package var keySecret: String?
        package var publicKey: String?
        package var reference: String?
        package var description: String?
        package var webUILink: String?
        package var vital: Bool?

        package init(type: String, uri: String) {
            self.type = type
            self.uri = uri
        }
    }
}
