/// The checks that a connection passes before it is stored.
struct ConnectionValidation {
    /// ODAHU's, in the order of its messages, and `file`.
    static let supportedTypes = ["s3", "gcs", "azureblob", "git", "docker", "ecr", "file"]

    let locations: FileLocations

    /// A sentence for each thing that is wrong, in ODAHU's words and order.
    func errors(_ connection: Connection) -> [String] {
        var errors = EntityID.errors(connection.id)
        let spec = connection.spec
        if spec.uri.isEmpty { errors.append("empty uri") }
        switch spec.type {
        case "s3": errors += Self.s3Errors(spec)
        case "gcs": errors += Self.gcsErrors(spec)
        case "azureblob":
            if spec.keySecret == nil {
                errors.append("azureblob type requires that keySecret parameter contains HTTP endpoint with SAS Token")
            }
        case "git": errors += Self.gitErrors(spec)
        case "docker": errors += Self.dockerErrors(spec)
        case "ecr": errors += Self.ecrErrors(spec)
        case "file": errors += fileErrors(spec)
        default:
            let types = Self.supportedTypes.joined(separator: " ")
            errors.append("unknown type: \(spec.type). Supported types: [\(types)]")
        }
        return errors
    }

    private static func s3Errors(_ spec: Connection.Spec) -> [String] {
        var errors: [String] = []
        if spec.region == nil { errors.append("s3 type requires that region must be non-empty") }
        if spec.role != nil { errors.append("s3 type does not support role parameter yet") }
        if spec.keyID == nil || spec.keySecret == nil {
            errors.append("s3 type requires that keyID and keySecret parameters must be non-empty")
        }
        return errors
    }

    private static func gcsErrors(_ spec: Connection.Spec) -> [String] {
        var errors: [String] = []
        if spec.region == nil { errors.append("gcs type requires that region must be non-empty") }
        // ODAHU's sentence to the letter.
        if spec.role != nil { errors.append("gcs type does not support role parameter yet must be non-empty") }
        if spec.keySecret == nil { errors.append("gcs type requires that keySecret parameter must be non-empty") }
        return errors
    }

    /// A host is not visited for its key: nothing here clones a repository.
    private static func gitErrors(_ spec: Connection.Spec) -> [String] {
        if spec.uri.isEmpty || spec.publicKey != nil { return [] }
        let isRepository = spec.uri.contains(/^([a-z+]+:\/\/)?([^\/@\s]+@)?[^\/:@\s]+(:|\/)[^\s]+$/)
        return isRepository ? [] : ["can not extract the public SSH host key from URI: there is no host in it"]
    }

    private static func ecrErrors(_ spec: Connection.Spec) -> [String] {
        var errors: [String] = []
        if spec.keyID == nil || spec.keySecret == nil {
            errors.append("ecr type requires that keyID and keySecret parameters must be non-empty")
        }
        if !spec.uri.isEmpty, ECRAddress(spec.uri) == nil {
            // The uri is not repeated: it may hold a password.
            errors.append(
                "not valid uri for ecr type: it must be a registry's host and an optional path, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/team"
            )
        }
        return errors
    }

    /// Neither username nor password is an anonymous visit.
    private static func dockerErrors(_ spec: Connection.Spec) -> [String] {
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
