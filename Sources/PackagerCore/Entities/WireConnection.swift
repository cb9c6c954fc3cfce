/// A connection as it travels: its secrets are base64, or masked, or ``mask`` for "leave it as it is".
package struct WireConnection: Sendable, Hashable, Codable {
    /// What replies hold in place of a secret. In a request it leaves the stored secret unchanged.
    package static let mask = "*****"

    /// Its secrets are in the form of the wire, not in clear text.
    package var connection: Connection

    package var id: String { connection.id }
    package var spec: Connection.Spec { connection.spec }

    /// Wraps what a client sent.
    package init(received connection: Connection) { self.connection = connection }

    package init(from decoder: any Decoder) throws { connection = try Connection(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try connection.encode(to: encoder) }
}
