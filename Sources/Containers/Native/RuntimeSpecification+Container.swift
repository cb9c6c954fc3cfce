import OCI
import SystemPackage

extension RuntimeSpecification {
    /// What the machine gives a container besides what is asked for.
    struct Machine: Sendable, Hashable {
        /// Who runs the program, by whose rights the container lives.
        var user: UInt32
        var group: UInt32
        /// Whether limits can be set: see ``ControlGroups``.
        var setsLimits: Bool
        /// The container gets no network but its own loopback interface.
        var isolatesNetwork = false
        /// Files of the machine that the container reads, too, where they are.
        var sharedFiles: [String] = []

        var isRoot: Bool { user == 0 }
    }

    /// - Parameters:
    ///   - identifier: the container's, unique on the machine.
    ///   - image: for its environment.
    ///   - user: whom the image runs as.
    init(
        _ task: ContainerTask,
        identifier: String,
        image: ImageConfiguration,
        as user: ImageUser,
        on machine: Machine
    ) {
        let isolated = ["pid", "mount", "ipc", "uts"] + (machine.isolatesNetwork ? ["network"] : [])
        process = Process(
            user: User(
                uid: user.user,
                gid: user.group,
                // A mapping of one user has no further groups.
                additionalGids: machine.isRoot && !user.additionalGroups.isEmpty ? user.additionalGroups : nil
            ),
            args: task.command,
            env: Self.environment(image.config?.environment ?? []),
            cwd: task.workingDirectory,
            capabilities: CapabilitySets(task.isPrivileged ? Capabilities.all : Capabilities.usual),
            noNewPrivileges: !task.isPrivileged
        )
        mounts = Self.mounts(task, machine)
        linux = Linux(namespaces: (isolated + (machine.isRoot ? [] : ["user"])).map(Namespace.init))
        if !machine.isRoot {
            linux.uidMappings = [Mapping(containerID: user.user, hostID: machine.user)]
            linux.gidMappings = [Mapping(containerID: user.group, hostID: machine.group)]
        }
        if machine.setsLimits {
            linux.cgroupsPath = "/packager/\(identifier)"
            linux.resources = Self.resources(task)
        }
        guard !task.isPrivileged else { return }
        linux.maskedPaths = [
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
            "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware",
        ]
        linux.readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
    }

    private static func environment(_ image: [String]) -> [String] {
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return (image.contains { $0.hasPrefix("PATH=") } ? [] : [path]) + image
    }

    private static func mounts(_ task: ContainerTask, _ machine: Machine) -> [Mount] {
        let quiet = ["nosuid", "noexec", "nodev"]
        var mounts = [Mount("/proc", "proc")]
        if task.isPrivileged {
            mounts.append(Mount("/dev", "bind", "/dev", ["rbind"]))
        } else {
            mounts += [
                Mount("/dev", "tmpfs", nil, ["nosuid", "strictatime", "mode=755", "size=65536k"]),
                Mount("/dev/pts", "devpts", nil, ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
                Mount("/dev/shm", "tmpfs", "shm", quiet + ["mode=1777", "size=65536k"]),
                Mount("/dev/mqueue", "mqueue", nil, quiet),
            ]
        }
        // A user's own kernel view of devices is not to be had without a network of its own.
        mounts.append(
            machine.isRoot || machine.isolatesNetwork
                ? Mount("/sys", "sysfs", nil, quiet + [task.isPrivileged ? "rw" : "ro"])
                : Mount("/sys", "bind", "/sys", ["rbind"] + quiet + ["ro"])
        )
        if machine.setsLimits { mounts.append(Mount("/sys/fs/cgroup", "cgroup", nil, quiet + ["relatime", "ro"])) }
        mounts += machine.sharedFiles.map { Mount($0, "bind", $0, ["rbind", "ro"] + quiet) }
        mounts.append(Mount(task.workingDirectory, "bind", task.workspace.string, ["rbind", "rw"]))
        return mounts
    }

    private static func resources(_ task: ContainerTask) -> Resources {
        let limits = task.limits
        var resources = Resources(pids: Processes(limit: ContainerLimits.processes))
        // Everything that is not allowed by name is forbidden; the runtimes allow what every container has.
        resources.devices = [DeviceRule(allow: task.isPrivileged, access: "rwm")]
        if limits.memory != nil || limits.memoryRequest != nil {
            resources.memory = Memory(limit: limits.memory, swap: limits.memory, reservation: limits.memoryRequest)
        }
        if limits.cpuQuota != nil || limits.cpuShares != nil {
            resources.cpu = Processor(
                shares: limits.cpuShares,
                quota: limits.cpuQuota,
                period: limits.cpuQuota.map { _ in 100_000 }
            )
        }
        return resources
    }
}
