import Concurrency
import JSON
package import OCI

/// Brings an image to where it is to be: blobs first, several at a time, the manifest last.
package struct ImagePusher: Sendable {
    /// Blobs on their way at the same time.
    package var concurrentBlobs: Int
    /// Where registries hold what was pushed before; nil forgets.
    package var locations: (any BlobLocationIndex)?
    /// Copies of a pusher share it: a blob that several images have goes to a registry once, and the images that
    /// come to it later find it there.
    private let lanes = KeyedTurnstile<BlobLane>()

    package init(concurrentBlobs: Int = 4, locations: (any BlobLocationIndex)? = nil) {
        self.concurrentBlobs = concurrentBlobs
        self.locations = locations
    }

    /// Pushes an assembled image.
    ///
    /// - Parameter tag: nil stores the manifest under its digest only.
    package func push(
        _ image: Image,
        to destination: any ImageDestination,
        tag: String?
    ) async throws -> Report {
        try await ImageDelivery(to: destination, by: self).finish(image, tag: tag)
    }

    /// - Parameter sent: layers that are at the destination already, and how they came there.
    func push(
        _ image: Image,
        sent: [Digest: Report.Outcome],
        to destination: any ImageDestination,
        tag: String?
    ) async throws -> Report {
        let blobs = image.layers.map { Blob(descriptor: $0.layer.descriptor, from: .source($0.source)) }
        let configuration = Blob(descriptor: image.configurationDescriptor, from: .bytes(image.configurationBytes))
        return try await push(
            image.manifest,
            configuration: configuration,
            blobs,
            sent: sent,
            to: destination,
            tag: tag
        )
    }

    /// Sends one layer of an image that is not finished yet.
    func send(_ row: Image.LayerRow, to destination: any ImageDestination) async throws -> Report.Outcome {
        try await send(Blob(descriptor: row.layer.descriptor, from: .source(row.source)), to: destination)
    }

    /// Copies an image as it is stored. Blobs that come from a registry are streamed on without touching the disk.
    ///
    /// - Parameter manifest: of one platform, not an index.
    package func copy(
        _ manifest: StoredManifest,
        from source: any ImageSource,
        to destination: any ImageDestination,
        tag: String?
    ) async throws -> Report {
        guard manifest.descriptor.mediaType.isManifest else {
            throw AssemblerError(
                .invalidBase,
                "\(manifest.descriptor.digest) (\(manifest.descriptor.mediaType)) is not the manifest of one image; choose a platform"
            )
        }
        let children = try manifest.children()
        let blobs = children.dropFirst().map { Blob(descriptor: $0, from: .source(source)) }
        let configuration = Blob(descriptor: children[0], from: .source(source))
        return try await push(manifest, configuration: configuration, blobs, sent: [:], to: destination, tag: tag)
    }

    private struct Blob: Sendable {
        enum Origin: Sendable {
            case source(any ImageSource)
            case bytes([UInt8])
        }

        var descriptor: Descriptor
        var from: Origin
    }

    private func push(
        _ manifest: StoredManifest,
        configuration: Blob,
        _ blobs: [Blob],
        sent: [Digest: Report.Outcome],
        to destination: any ImageDestination,
        tag: String?
    ) async throws -> Report {
        let start = ContinuousClock.now
        var seen: Set<Digest> = []
        // The largest first: a small one at the end keeps the others waiting for less long.
        let ordered = blobs.filter { seen.insert($0.descriptor.digest).inserted }
            .sorted { ($1.descriptor.size, $0.descriptor.digest) < ($0.descriptor.size, $1.descriptor.digest) }
        let outcomes = try await ordered.concurrentMap(limit: concurrentBlobs) { blob in
            if let outcome = sent[blob.descriptor.digest] { return outcome }
            return try await send(blob, to: destination)
        }
        let last = try await send(configuration, to: destination)
        try await destination.put(manifest, tag: tag)
        if case .registry(let host, let repository) = destination.origin {
            let digests = ordered.map(\.descriptor.digest) + [configuration.descriptor.digest]
            try await locations?.record(digests, in: repository, at: host)
        }

        let rows = zip(ordered + [configuration], outcomes + [last]).map { blob, outcome in
            Report.Blob(digest: blob.descriptor.digest, size: blob.descriptor.size, outcome: outcome)
        }
        return Report(blobs: rows, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    private func send(_ blob: Blob, to destination: any ImageDestination) async throws -> Report.Outcome {
        try await lanes.pass(BlobLane(digest: blob.descriptor.digest, place: destination.origin)) {
            try Task.checkCancellation()
            if try await destination.contains(blob.descriptor) { return .skipped }
            for origin in try await origins(of: blob, near: destination) {
                if try await destination.mount(blob.descriptor, from: origin) { return .mounted }
            }
            switch blob.from {
            case .bytes(let bytes): try await destination.put(blob.descriptor, .bytes(bytes))
            case .source(let source): try await destination.put(blob.descriptor, source.blob(blob.descriptor))
            }
            // Not only when the image is whole: another one may wait for this blob.
            if case .registry(let host, let repository) = destination.origin {
                try await locations?.record([blob.descriptor.digest], in: repository, at: host)
            }
            return .uploaded
        }
    }

    /// Where the destination can take the blob over from, the likeliest first. A failed mount may open an upload, so
    /// there are few.
    private func origins(of blob: Blob, near destination: any ImageDestination) async throws -> [ImageOrigin] {
        if case .source(let source) = blob.from, source.origin.sharesBlobs(with: destination.origin) {
            return [source.origin]
        }
        guard case .registry(let host, let own) = destination.origin, let locations else { return [] }
        return try await locations.repositories(holding: blob.descriptor.digest, at: host)
            .filter { $0 != own }.prefix(2).map { .registry(host: host, repository: $0) }
    }
}

/// A blob on its way to a registry or a layout, whichever repository there it goes to.
private struct BlobLane: Hashable {
    var digest: Digest
    var place: ImageOrigin

    init(digest: Digest, place: ImageOrigin) {
        self.digest = digest
        self.place =
            switch place {
            case .registry(let host, _): .registry(host: host, repository: "")
            case .layout: place
            }
    }
}

extension ImageOrigin {
    /// Whether a blob can be mounted from one to the other: repositories of one registry, or of one layout.
    func sharesBlobs(with other: ImageOrigin) -> Bool {
        switch (self, other) {
        case (.registry(let host, _), .registry(let otherHost, _)): host == otherHost
        default: self == other
        }
    }
}
