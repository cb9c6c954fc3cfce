package import ImageAssembler
package import OCI
package import Registry

/// Copies an artifact from one repository to another: blobs are mounted or streamed on and touch no disk.
package struct ArtifactCopy: Sendable {
    private let source: RegistryRepository
    private let destination: RegistryRepository
    private let pusher: ImagePusher

    /// What was copied.
    package struct Report: Sendable {
        /// Of the artifact itself.
        package var manifest: Descriptor
        /// Manifests in all: those of platforms and what refers to any of them.
        package var manifests = 0
        package var referrers = 0
        package var blobs: [ImagePusher.Report.Blob] = []

        package func bytes(_ outcome: ImagePusher.Report.Outcome) -> Int64 {
            blobs.filter { $0.outcome == outcome }.reduce(0) { $0 + $1.size }
        }
    }

    /// Signatures of signatures of …: deeper chains are none.
    private static let maximumDepth = 4

    package init(from source: RegistryRepository, to destination: RegistryRepository, pusher: ImagePusher) {
        self.source = source
        self.destination = destination
        self.pusher = pusher
    }

    /// Copies a manifest, an index with all it names, and what refers to them (signatures, SBOMs).
    ///
    /// - Parameter tag: nil stores the artifact under its digest only.
    package func copy(_ selector: ManifestSelector, tag: String?) async throws -> Report {
        let stored = try await source.manifest(selector)
        var report = Report(manifest: stored.descriptor)
        var seen: Set<Digest> = []
        try await copy(stored, tag: tag, depth: 0, &report, &seen)
        return report
    }

    private func copy(
        _ stored: StoredManifest,
        tag: String?,
        depth: Int,
        _ report: inout Report,
        _ seen: inout Set<Digest>
    ) async throws {
        guard seen.insert(stored.descriptor.digest).inserted else { return }
        if stored.descriptor.mediaType.isIndex {
            for child in try stored.children() {
                let manifest = try await source.manifest(.digest(child.digest))
                try await copy(manifest, tag: nil, depth: depth, &report, &seen)
            }
            try await destination.put(stored, tag: tag)
        } else {
            report.blobs += try await pusher.copy(stored, from: source, to: destination, tag: tag).blobs
        }
        report.manifests += 1
        guard depth < Self.maximumDepth else { return }
        for referrer in try await source.referrers(of: stored.descriptor.digest) {
            let manifest = try await source.manifest(.digest(referrer.digest))
            guard !seen.contains(manifest.descriptor.digest) else { continue }
            try await copy(manifest, tag: nil, depth: depth + 1, &report, &seen)
            try await destination.link(referrer, to: stored.descriptor.digest)
            report.referrers += 1
        }
    }
}
