/// The `config.json` of a bundle: what is run, in what. Source: OCI runtime specification 1.0.2.
struct RuntimeSpecification: Sendable, Hashable, Encodable {
    var ociVersion = "1.0.2"
    var process: Process
    var root = Root()
    var hostname = "packager"
    var mounts: [Mount]
    var linux: Linux

    struct Process: Sendable, Hashable, Encodable {
        var terminal = false
        var user: User
        var args: [String]
        var env: [String]
        var cwd: String
        var capabilities: CapabilitySets
        var noNewPrivileges: Bool
    }

    struct User: Sendable, Hashable, Encodable {
        var uid: UInt32
        var gid: UInt32
        var additionalGids: [UInt32]?
    }

    /// The inheritable and ambient sets stay empty.
    struct CapabilitySets: Sendable, Hashable, Encodable {
        var bounding: [String]
        var effective: [String]
        var permitted: [String]

        init(_ names: [String]) {
            bounding = names
            effective = names
            permitted = names
        }
    }

    struct Root: Sendable, Hashable, Encodable {
        var path = "rootfs"
        var readonly = false
    }

    struct Mount: Sendable, Hashable, Encodable {
        var destination: String
        var type: String
        var source: String
        var options: [String]?

        init(_ destination: String, _ type: String, _ source: String? = nil, _ options: [String]? = nil) {
            self.destination = destination
            self.type = type
            self.source = source ?? type
            self.options = options
        }
    }

    struct Linux: Sendable, Hashable, Encodable {
        var namespaces: [Namespace]
        var uidMappings: [Mapping]?
        var gidMappings: [Mapping]?
        var resources: Resources?
        var cgroupsPath: String?
        var maskedPaths: [String]?
        var readonlyPaths: [String]?
    }

    struct Namespace: Sendable, Hashable, Encodable { var type: String }

    struct Mapping: Sendable, Hashable, Encodable {
        var containerID: UInt32
        var hostID: UInt32
        var size: UInt32 = 1
    }

    struct Resources: Sendable, Hashable, Encodable {
        var devices: [DeviceRule]?
        var memory: Memory?
        var cpu: Processor?
        var pids: Processes?
    }

    struct DeviceRule: Sendable, Hashable, Encodable {
        var allow: Bool
        var access: String
    }

    struct Memory: Sendable, Hashable, Encodable {
        var limit: Int64?
        var swap: Int64?
        var reservation: Int64?
    }

    struct Processor: Sendable, Hashable, Encodable {
        var shares: Int64?
        var quota: Int64?
        var period: Int64?
    }

    struct Processes: Sendable, Hashable, Encodable { var limit: Int64 }
}
