import ImageAssembler
import OCI
import PackagerCore

extension PackagedImage {
    /// The layers, the times and the digest, for a person.
    var report: String {
        let layers = Table(
            titles: ["LAYER", "SIZE", "DIGEST", "FROM"],
            rows: image.layers.map { row in
                [
                    String(row.layer.name.prefix(60)), row.layer.descriptor.size.humanSize,
                    row.layer.descriptor.digest.short, row.provenance.rawValue,
                ]
            }
        )
        let times = steps.map { "\($0.name) \($0.seconds.humanSeconds)" }.joined(separator: ", ")
        return """
            \(layers.text)

            size    \(image.size.humanSize)
            sent    \(push.uploaded.bytes.humanSize) in \(push.uploaded.count) blobs; \
            \(push.mounted.count) mounted, \(push.skipped.count) there already
            time    \(times)
            """
    }
}
