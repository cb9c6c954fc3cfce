/// Instances of a model and the devices they are on.
package struct InstanceGroup: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case automatic = "KIND_AUTO"
        case gpu = "KIND_GPU"
        case cpu = "KIND_CPU"
        case model = "KIND_MODEL"
    }

    package struct RateLimiter: Sendable, Hashable {
        package struct Resource: Sendable, Hashable {
            package var name = ""
            package var isGlobal = false
            package var count: UInt32 = 0

            package init() {}
        }

        package var resources: [Resource] = []
        package var priority: UInt32 = 0

        package init() {}
    }

    package struct SecondaryDevice: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case nvdla = "KIND_NVDLA"
        }

        package var kind = Kind.nvdla
        package var deviceID: Int64 = 0

        package init() {}
    }

    package var name = ""
    package var kind = Kind.automatic
    /// Instances a device; 0 leaves it to the server.
    package var count: Int32 = 0
    package var rateLimiter: RateLimiter?
    package var gpus: [Int32] = []
    package var secondaryDevices: [SecondaryDevice] = []
    /// Indices of TensorRT's optimisation profiles.
    package var profiles: [String] = []
    package var isPassive = false
    package var hostPolicy = ""

    package init() {}
}

extension InstanceGroup.Kind: TextEnumeration {}

extension InstanceGroup.RateLimiter.Resource: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .one("global", \.isGlobal),
            .one("count", \.count),
        ]
    }
}

extension InstanceGroup.RateLimiter: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .many("resources", \.resources),
            .one("priority", \.priority),
        ]
    }
}

extension InstanceGroup.SecondaryDevice.Kind: TextEnumeration {}

extension InstanceGroup.SecondaryDevice: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("kind", \.kind),
            .one("device_id", \.deviceID),
        ]
    }
}

extension InstanceGroup: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .one("kind", \.kind),
            .one("count", \.count),
            .optional("rate_limiter", \.rateLimiter),
            .many("gpus", \.gpus),
            .many("secondary_devices", \.secondaryDevices),
            .many("profile", \.profiles),
            .one("passive", \.isPassive),
            .one("host_policy", \.hostPolicy),
        ]
    }
}
