/// What a container may use. Source: Kubernetes, "Resource Management for Pods and Containers".
package struct ContainerLimits: Sendable, Hashable {
    /// Processors, of which it may use so much time.
    package var cpus: Double?
    /// Processors that it is to have when others want them, too.
    package var cpuRequest: Double?
    /// Bytes.
    package var memory: Int64?
    /// Bytes that it is to keep when memory is short.
    package var memoryRequest: Int64?
    package var gpus = 0

    package init() {}

    /// Processes and threads: enough for any packager, and too few to harm the machine.
    static let processes: Int64 = 4096

    /// Microseconds of processor time in each period of 100 milliseconds; the kernel takes no less than 1000.
    var cpuQuota: Int64? {
        cpus.flatMap { $0 > 0 && $0 < 1e6 ? max(1000, Int64(($0 * 100_000).rounded())) : nil }
    }

    /// The weight beside others, 1024 for a processor. Source: Kubernetes, `MilliCPUToShares`.
    var cpuShares: Int64? {
        cpuRequest.flatMap { $0 > 0 ? Int64(min(262_144, max(2, ($0 * 1024).rounded()))) : nil }
    }
}
