package import OCI
import Synchronization

/// A push that begins while the image is still being made: each layer goes when it is ready, the manifest last.
package final class ImageDelivery: Sendable {
    private let destination: any ImageDestination
    private let pusher: ImagePusher
    private let sent = Mutex<[Digest: ImagePusher.Report.Outcome]>([:])

    package init(to destination: any ImageDestination, by pusher: ImagePusher = ImagePusher()) {
        self.destination = destination
        self.pusher = pusher
    }

    /// Brings one layer to the destination.
    package func send(_ row: Image.LayerRow) async throws {
        let digest = row.layer.descriptor.digest
        if sent.withLock({ $0[digest] }) != nil { return }
        let outcome = try await pusher.send(row, to: destination)
        sent.withLock { $0[digest] = $0[digest] ?? outcome }
    }

    /// Brings what is still missing, and then the manifest.
    ///
    /// - Parameter tag: nil stores the manifest under its digest only.
    /// - Returns: what became of all blobs, those that ``send(_:)`` brought included; the seconds are those of this call.
    package func finish(_ image: Image, tag: String?) async throws -> ImagePusher.Report {
        try await pusher.push(image, sent: sent.withLock(\.self), to: destination, tag: tag)
    }
}
