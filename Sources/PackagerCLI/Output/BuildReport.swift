import ImageAssembler
import OCI
import PackagerCore

/// What a build made, for a person: layers and images, what they share, and what it took.
struct BuildReport: Sendable {
    private let images: [PackagedImage]

    init(_ images: [PackagedImage]) { self.images = images }

    var text: String {
        [layers.text, summary.text, sharing].compactMap(\.self).joined(separator: "\n\n")
    }

    /// A line for each layer and a column for each image: how the layer came to where the image is.
    private var layers: Table {
        Table(
            titles: ["LAYER", "SIZE", "DIGEST", "FROM"] + images.map { $0.integration.uppercased() },
            rows: rows.map { row in
                let descriptor = row.layer.descriptor
                return [
                    String(row.layer.name.prefix(60)), descriptor.size.humanSize, descriptor.digest.short,
                    row.provenance.rawValue,
                ] + images.map { $0.push.outcome(of: descriptor.digest)?.humanText ?? "-" }
            }
        )
    }

    private var summary: Table {
        Table(
            titles: ["IMAGE", "SIZE", "SENT", "MOUNTED", "THERE", "TIME"],
            rows: images.map { image in
                let sent = image.push.uploaded
                return [
                    image.integration, image.image.size.humanSize,
                    "\(sent.bytes.humanSize) in \(sent.count.counted("blob"))", "\(image.push.mounted.count)",
                    "\(image.push.skipped.count)",
                    image.steps.map { "\($0.name) \($0.seconds.humanSeconds)" }.joined(separator: ", "),
                ]
            }
        )
    }

    /// Nil for one image.
    private var sharing: String? {
        guard images.count > 1 else { return nil }
        let shared = rows.filter { row in
            images.allSatisfy { $0.push.outcome(of: row.layer.descriptor.digest) != nil }
        }
        let size = shared.reduce(0) { $0 + $1.layer.descriptor.size }
        let sent = images.reduce(0) { $0 + $1.push.uploaded.bytes }
        return """
            \(shared.count) of \(rows.count.counted("layer")), \(size.humanSize), are in all \(images.count) images; \
            \(sent.humanSize) were sent for all of them
            """
    }

    /// The layers of all images, each once: an image's own come after what it shares with those before it.
    private var rows: [Image.LayerRow] {
        var rows: [Image.LayerRow] = []
        for image in images {
            var place = 0
            for row in image.image.layers {
                let known = rows.firstIndex { $0.layer.descriptor.digest == row.layer.descriptor.digest }
                if known == nil { rows.insert(row, at: place) }
                place = (known ?? place) + 1
            }
        }
        return rows
    }
}

extension ImagePusher.Report.Outcome {
    fileprivate var humanText: String {
        switch self {
        case .uploaded: "sent"
        case .mounted: "mounted"
        case .skipped: "there"
        }
    }
}
