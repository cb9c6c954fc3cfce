/// The checks that a connection passes before it is stored.
struct ConnectionValidation {
    static let supportedTypes = ["docker", "file"]

    let locations: FileLocations

    /// A sentence for each thing that is wrong, in ODAHU's words and order.
    func errors(_ connection: Connection) -> [String] {
        var errors = EntityID.errors(connection.id)
        let spec = connection.spec
        if spec.uri.isEmpty { errors.append("empty uri") }
        switch spec.type {
        case "docker": errors += dockerErrors(spec)
        case "file": errors += fileErrors(spec)
        default:
            let types = Self.supportedTypes.joined(separator: " ")
            errors.append("unknown type: \(spec.type). Supported types: [\(types)]")
        }
        return errors
    }

    /// Neither username nor password is an anonymous visit.
    private func dockerErrors(_ spec: Connection.Spec) -> [String] {
        var errors: [String] = []
        if spec.password == nil, spec.username != nil { errors.append("docker type requires the password parameter") }
        if spec.username == nil, spec.password != nil { errors.append("docker type requires the username parameter") }
        if !spec.uri.isEmpty, RegistryAddress(spec.uri) == nil {
            // The uri is not repeated: it may hold a password.
            errors.append(
                "docker type requires that uri is the host of a registry and an optional path, such as registry.example:5000/team, without credentials"
            )
        }
        return errors
    }

    private func fileErrors(_ spec: Connection.Spec) -> [String] {
        if spec.uri.isEmpty || locations.path(of: spec.uri) != nil { return [] }
        return [
            "file type requires that uri is a directory inside the data directory or a configured root, \"\(spec.uri)\" is not"
        ]
    }
}
