package import Containers

extension ResourceRequirements {
    /// As a container is held to them. What is no quantity, or none that a machine could have, is left out: validation has
    /// spoken of it.
    package var containerLimits: ContainerLimits {
        func quantity(_ text: String?) -> Double? {
            text.flatMap(ResourceValidation.quantity).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        }
        // Parts of a byte count as one.
        func bytes(_ text: String?) -> Int64? { quantity(text).flatMap { Int64(exactly: $0.rounded(.up)) } }
        var limits = ContainerLimits()
        limits.cpus = quantity(self.limits?.cpu)
        limits.cpuRequest = quantity(requests?.cpu)
        limits.memory = bytes(self.limits?.memory)
        limits.memoryRequest = bytes(requests?.memory)
        limits.gpus = quantity(self.limits?.gpu).flatMap { Int(exactly: $0.rounded(.up)) } ?? 0
        return limits
    }
}
