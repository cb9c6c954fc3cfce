package import JSON

/// What `POST /containers/create` is asked for. Source: Docker Engine API, "Create a container".
package struct ContainerRequest: Sendable, Hashable {
    /// The image's name or id in the engine.
    package var image: String
    /// In place of the image's entrypoint.
    package var entrypoint: [String]
    /// In place of the image's arguments.
    package var arguments: [String]
    package var workingDirectory: String
    package var labels: [String: String] = [:]
    /// A network that the engine has, `host` or `none`; nil for the engine's default.
    package var network: String?
    package var isPrivileged = false
    /// All that a container that is not privileged has.
    package var capabilities: [String] = []
    package var resources = Resources()

    package struct Resources: Sendable, Hashable {
        /// Bytes; swap counts, too.
        package var memory: Int64?
        /// Bytes
        package var memoryReservation: Int64?
        /// Microseconds of each ``cpuPeriod``.
        package var cpuQuota: Int64?
        package var cpuShares: Int64?
        /// Processes and threads.
        package var pids: Int64?
        package var gpus = 0

        /// Microseconds.
        package static let cpuPeriod: Int64 = 100_000

        package init() {}
    }

    package init(image: String, entrypoint: [String], arguments: [String], workingDirectory: String) {
        self.image = image
        self.entrypoint = entrypoint
        self.arguments = arguments
        self.workingDirectory = workingDirectory
    }

    package var document: JSONValue {
        [
            "Image": .string(image),
            "Entrypoint": .array(entrypoint.map(JSONValue.string)),
            "Cmd": .array(arguments.map(JSONValue.string)),
            "WorkingDir": .string(workingDirectory),
            "Labels": .object(labels.mapValues(JSONValue.string)),
            "Tty": false,
            "HostConfig": .object(host),
        ]
    }

    private var host: [String: JSONValue] {
        // A log that follows needs one of the drivers that can be read, and no program is to fill the engine's disk.
        var host: [String: JSONValue] = [
            "Privileged": .bool(isPrivileged),
            "LogConfig": ["Type": "json-file", "Config": ["max-size": "64m", "max-file": "2"]],
        ]
        if let network { host["NetworkMode"] = .string(network) }
        if !isPrivileged {
            host["CapDrop"] = ["ALL"]
            host["CapAdd"] = .array(capabilities.map(JSONValue.string))
            host["SecurityOpt"] = ["no-new-privileges"]
        }
        if let memory = resources.memory {
            host["Memory"] = .integer(memory)
            // As much as the memory: none besides.
            host["MemorySwap"] = .integer(memory)
        }
        if let reservation = resources.memoryReservation { host["MemoryReservation"] = .integer(reservation) }
        if let quota = resources.cpuQuota {
            host["CpuPeriod"] = .integer(Resources.cpuPeriod)
            host["CpuQuota"] = .integer(quota)
        }
        if let shares = resources.cpuShares { host["CpuShares"] = .integer(shares) }
        if let pids = resources.pids { host["PidsLimit"] = .integer(pids) }
        if resources.gpus > 0 {
            host["DeviceRequests"] = [["Count": .integer(Int64(resources.gpus)), "Capabilities": [["gpu"]]]]
        }
        return host
    }
}
