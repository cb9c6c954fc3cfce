/// The connections that always exist, and so let a first user do without any.
enum BuiltInConnection {
    /// The server's own OCI store, as a target.
    static let store = "store"
    /// The local artifact store.
    static let artifacts = "artifacts"

    static let all: [Connection] = [
        make(store, "The server's own images, which any client can pull"),
        make(artifacts, "The artifacts that were uploaded to the server"),
    ]

    private static func make(_ id: String, _ description: String) -> Connection {
        var connection = Connection(id: id, spec: Connection.Spec(type: "file", uri: id))
        connection.spec.description = description
        connection.spec.vital = true
        return connection
    }
}
