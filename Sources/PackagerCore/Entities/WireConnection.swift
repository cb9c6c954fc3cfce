package import FoundationEssentials

/// A connection as it travels: its secrets are base64, or masked, or ``mask`` for "leave it as it is".
package struct WireConnection: Sendable, Hashable, Codable {
    /// What replies hold in place of a secret. In a request it leaves the stored secret unchanged.
    package static let mask = "*****"

    /// Its secrets are in the form of the wire, not in clear text.
    package var connection: Connection

    package var id: String { connection.id }
    package var spec: Connection.Spec { connection.spec }
    package var updatedAt: Date? { connection.updatedAt }

    /// Wraps what a client sent.
    package init(received connection: Connection) { self.connection = connection }

    /// With secrets masked and the public key in base64.
    init(masking clear: Connection) {
        connection = clear
        connection.spec.password = clear.spec.password.map { _ in Self.mask }
        connection.spec.keyID = clear.spec.keyID.map { _ in Self.mask }
        connection.spec.keySecret = clear.spec.keySecret.map { _ in Self.mask }
        connection.spec.publicKey = clear.spec.publicKey.map(Base64.encode)
    }

    /// With everything in base64.
    init(revealing clear: Connection) {
        connection = clear
        for secret in Connection.Spec.secrets {
            connection.spec[keyPath: secret.path] = clear.spec[keyPath: secret.path].map(Base64.encode)
        }
    }

    /// The connection in clear text.
    ///
    /// - Parameters:
    ///   - stored: gives the secrets that are sent as ``mask``.
    ///   - errors: gets a sentence for each secret that is not base64.
    func clear(keeping stored: Connection?, errors: inout [String]) -> Connection {
        var clear = connection
        for secret in Connection.Spec.secrets {
            guard let text = connection.spec[keyPath: secret.path] else { continue }
            if text == Self.mask, let stored {
                clear.spec[keyPath: secret.path] = stored.spec[keyPath: secret.path]
                continue
            }
            do {
                clear.spec[keyPath: secret.path] = try Base64.decode(text)
            } catch {
                errors.append("\(secret.name) must be base64-encoded, error: \(error)")
            }
        }
        return clear
    }

    package init(from decoder: any Decoder) throws { connection = try Connection(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try connection.encode(to: encoder) }
}

extension Connection.Spec {
    struct Secret {
        /// As error messages call it.
        var name: String
        var path: WritableKeyPath<Connection.Spec, String?>
    }

    /// The fields that are encrypted at rest and base64 on the wire, in the order of ODAHU's messages.
    static var secrets: [Secret] {
        [
            Secret(name: "password", path: \.password),
            Secret(name: "key secret", path: \.keySecret),
            Secret(name: "key id", path: \.keyID),
            Secret(name: "public key", path: \.publicKey),
        ]
    }
}
