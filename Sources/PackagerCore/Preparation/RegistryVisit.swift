import Registry

/// A `docker` connection as a visit to its registry.
struct RegistryVisit: Sendable {
    var address: RegistryAddress
    /// Nil for an anonymous visit.
    var credential: RegistryCredential?

    /// Nil where the connection's uri is no registry's.
    init?(_ connection: Connection) {
        guard let address = RegistryAddress(connection.spec.uri) else { return nil }
        self.address = address
        guard let username = connection.spec.username, let password = connection.spec.password else { return }
        credential = RegistryCredential(
            user: username,
            password: password,
            source: "the connection \"\(connection.id)\""
        )
    }
}

extension RegistryAccess {
    /// The first of several visits to one host counts.
    init(_ visits: [RegistryVisit]) {
        var credentials: [String: RegistryCredential] = [:]
        for visit in visits where credentials[visit.address.host] == nil {
            credentials[visit.address.host] = visit.credential
        }
        self.init(
            credentials: StaticCredentials(credentials),
            plainHTTP: Set(visits.filter(\.address.plainHTTP).map(\.address.host))
        )
    }
}
