import ImageAssembler
import JSON
import OCI
import PackagerCore

extension PackagedImage {
    /// The image and what it took, for programs.
    var document: JSONValue {
        [
            "integration": .string(integration),
            "image": .string(reference.description),
            "digest": .string(digest.description),
            "size": .integer(image.size),
            "uploaded": push.uploaded.document,
            "mounted": push.mounted.document,
            "skipped": push.skipped.document,
            "layers": .array(
                image.layers.map { row in
                    let descriptor = row.layer.descriptor
                    return [
                        "name": .string(row.layer.name),
                        "digest": .string(descriptor.digest.description),
                        "size": .integer(descriptor.size),
                        "from": .string(row.provenance.rawValue),
                        "push": push.outcome(of: descriptor.digest).map { .string($0.rawValue) } ?? .null,
                    ]
                }
            ),
            "steps": .array(
                steps.map { step in
                    let bytes = step.bytes.map { JSONValue.integer($0) } ?? .null
                    return ["name": .string(step.name), "seconds": .number(step.seconds), "bytes": bytes]
                }
            ),
        ]
    }
}

extension ImagePusher.Report.Tally {
    fileprivate var document: JSONValue { ["blobs": .integer(Int64(count)), "bytes": .integer(bytes)] }
}
