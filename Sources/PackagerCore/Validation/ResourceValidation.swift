/// Kubernetes quantities of a packaging. Source: Kubernetes, "Resource Management for Pods and Containers".
enum ResourceValidation {
    static let defaults = ResourceRequirements(
        limits: .init(cpu: "2", memory: "2Gi"),
        requests: .init(cpu: "1", memory: "1Gi")
    )

    private static let names: [(String, @Sendable (ResourceRequirements.List) -> String?)] = [
        ("cpu", { $0.cpu }), ("memory", { $0.memory }), ("gpu", { $0.gpu }),
    ]

    /// A sentence for each quantity that is none, in ODAHU's words.
    static func quantityErrors(_ resources: ResourceRequirements) -> [String] {
        var errors: [String] = []
        for (kind, list) in [("limit", resources.limits), ("request", resources.requests)] {
            for (name, value) in names {
                guard let text = list.flatMap(value), !text.isEmpty, quantity(text) == nil else { continue }
                errors.append(
                    "validation of \(name) \(kind) is failed: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
                )
            }
        }
        return errors
    }

    /// A sentence for each quantity that is out of its range, in the words of Kubernetes.
    static func rangeErrors(_ resources: ResourceRequirements) -> [String] {
        var errors: [String] = []
        for (kind, list) in [("limits", resources.limits), ("requests", resources.requests)] {
            for (name, value) in names {
                guard let text = list.flatMap(value), let number = quantity(text), number < 0 else { continue }
                errors.append(
                    "resources.\(kind)[\(name)]: Invalid value: \"\(text)\": must be greater than or equal to 0"
                )
            }
        }
        for (name, value) in names {
            guard let request = resources.requests.flatMap(value), let limit = resources.limits.flatMap(value),
                let requested = quantity(request), let allowed = quantity(limit), requested > allowed
            else { continue }
            errors.append(
                "resources.requests: Invalid value: \"\(request)\": must be less than or equal to \(name) limit"
            )
        }
        return errors
    }

    /// The number that a quantity such as `500m`, `2Gi` or `1e3` stands for; nil when it is none.
    static func quantity(_ text: String) -> Double? {
        let number = text.prefix { "+-.0123456789".contains($0) }
        guard let value = Double(number) else { return nil }
        let suffix = String(text.dropFirst(number.count))
        if let factor = factors[suffix] { return value * factor }
        guard suffix.count > 1, suffix.first == "e" || suffix.first == "E", let exponent = Int(suffix.dropFirst())
        else {
            return nil
        }
        return Double("\(number)e\(exponent)")
    }

    private static let factors: [String: Double] = [
        "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
        "Ki": 0x1p10, "Mi": 0x1p20, "Gi": 0x1p30, "Ti": 0x1p40, "Pi": 0x1p50, "Ei": 0x1p60,
    ]
}
