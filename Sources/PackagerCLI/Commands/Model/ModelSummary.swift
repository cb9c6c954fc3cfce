import JSON
import ModelBundles
import OCI

/// What ORMB's commands say of a model.
struct ModelSummary {
    var reference: ImageReference
    var bundle: ModelBundle

    /// Four lines: `ref`, `digest`, `size`, `format`.
    var text: String {
        """
        ref:       \(reference)
        digest:    \(bundle.modelDigest.hexadecimal)
        size:      \(bundle.size.sizeAsORMB)
        format:    \((bundle.format ?? "").printable)
        """
    }

    /// The line that ORMB ends a command with: `v1: saved`.
    var label: String { reference.tag ?? reference.digest?.description ?? "latest" }

    var document: JSONValue {
        [
            "name": .string(reference.description),
            "digest": .string(bundle.digest.description),
            "profile": .string(bundle.profile.rawValue),
            "format": bundle.format.map { .string($0) } ?? .null,
            "size": .integer(bundle.size),
            "metadata": bundle.metadata?.document ?? .null,
            "configuration": bundle.configuration,
            "layers": .array(
                bundle.layers.map { layer in
                    [
                        "digest": .string(layer.descriptor.digest.description),
                        "size": .integer(layer.descriptor.size),
                        "mediaType": .string(layer.descriptor.mediaType.rawValue),
                        "path": layer.path.map { .string($0) } ?? .null,
                    ]
                }
            ),
        ]
    }
}

extension Int64 {
    /// Bytes as ORMB writes them, in powers of 1024: "162.1KB".
    var sizeAsORMB: String {
        guard self >= 1024 else { return "\(self)B" }
        var value = Double(self)
        var unit: Character = "B"
        for next in "KMGTPE" where value >= 1024 {
            value /= 1024
            unit = next
        }
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)\(unit)B"
    }

    /// How long ago this moment, in seconds since 1970, was.
    func age(at now: Int64) -> String {
        let seconds = Swift.max(0, now - self)
        let steps: [(Int64, String)] = [
            (365 * 86_400, "year"), (30 * 86_400, "month"), (86_400, "day"), (3600, "hour"), (60, "minute"),
        ]
        for (length, unit) in steps where seconds >= length {
            let count = seconds / length
            if count == 1 { return "about \(unit == "hour" ? "an" : "a") \(unit) ago" }
            return "\(count) \(unit)s ago"
        }
        return "less than a minute ago"
    }
}
