package import ImageAssembler
package import OCI

/// A layer of an image that a packaging makes.
package struct PackagedLayer: Sendable, Hashable, Codable {
    package var name: String
    package var digest: Digest
    /// Bytes, compressed as it is.
    package var size: Int64
    package var from: Image.Provenance
    /// How it came to where the image goes; nil until that is known.
    package var push: ImagePusher.Report.Outcome?

    package init(_ row: Image.LayerRow, push: ImagePusher.Report.Outcome? = nil) {
        name = row.layer.name
        digest = row.layer.descriptor.digest
        size = row.layer.descriptor.size
        from = row.provenance
        self.push = push
    }
}

/// Bytes that went over the network.
package struct PackagingTraffic: Sendable, Hashable, Codable {
    package var received: Int64
    package var sent: Int64

    package init(received: Int64 = 0, sent: Int64 = 0) {
        self.received = received
        self.sent = sent
    }
}
