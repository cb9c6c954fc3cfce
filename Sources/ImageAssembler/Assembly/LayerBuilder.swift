import Concurrency
import Logging
import OCI

/// Makes layers from their plans, unless the index knows them and the store still has them; each once, however many
/// builds ask for it at the same time.
struct LayerBuilder: Sendable {
    struct Job: Sendable {
        var plan: LayerPlan
        /// A layer of an artifact.
        var share: Share?
    }

    /// What builds of the same artifact have in common.
    struct Share: Sendable {
        /// Tells the artifact's layers apart.
        var name: String
        /// Identifies the layer wherever the artifact's files lie: builds that know them from elsewhere join at the same
        /// time. Nil where nothing does.
        var flight: String?
        /// Filled by the builds that read the very same files.
        var rows: OnceEach<String, Image.LayerRow>
    }

    let writer: LayerWriter
    private let index: any LayerIndex
    private let flights = SingleFlight<String, Image.LayerRow>()

    init(writer: LayerWriter, index: any LayerIndex) {
        self.writer = writer
        self.index = index
    }

    /// The layer of a plan with where it came from.
    func row(for job: Job, _ logger: Logger) async throws -> Image.LayerRow {
        var row: Image.LayerRow
        if let share = job.share {
            row = try await share.rows.value(for: fingerprinted(share.name, job.plan.compression)) {
                try await make(job)
            }
            // It may have left the store since.
            if job.plan.compression != .stored, try await !writer.store.contains(row.layer.descriptor) {
                row = try await make(job)
            }
        } else {
            row = try await make(job)
        }
        // The same bytes may have been made under another name.
        row.layer.name = job.plan.name
        say(row, logger)
        return row
    }

    private func make(_ job: Job) async throws -> Image.LayerRow {
        let plan = job.plan
        // Joined by no flight: the row reads the files of this artifact, and of no other that is like it.
        if plan.compression == .stored { return try await measure(plan) }
        if let key = plan.key { return try await keyed(plan, key) }
        guard let flight = job.share?.flight else { return try await build(plan) }
        return try await flights.value(for: fingerprinted(flight, plan.compression)) { try await build(plan) }
    }

    private func say(_ row: Image.LayerRow, _ logger: Logger) {
        let layer = row.layer
        logger.info(
            "layer \(layer.name) (\(row.provenance)): \(layer.descriptor.digest), \(layer.descriptor.size) bytes"
        )
    }

    /// The layers of a key, when the index knows them and all are in the store.
    func known(_ key: String, _ compression: LayerCompression = .deflate) async throws -> [Layer]? {
        guard let layers = try await index.layers(for: fingerprinted(key, compression)) else { return nil }
        for layer in layers {
            guard try await writer.store.contains(layer.descriptor) else { return nil }
        }
        return layers
    }

    /// The layers of a key, when the index knows them and all are in the store or need not be.
    ///
    /// - Parameter remake: gives the plans again, in the layers' order, when the bytes of a stored layer are asked for.
    func known(
        _ key: String,
        _ logger: Logger,
        remake: @escaping @Sendable () async throws -> [LayerPlan]
    ) async throws -> [Image.LayerRow]? {
        guard let layers = try await index.layers(for: fingerprinted(key, .deflate)) else { return nil }
        var rows: [Image.LayerRow] = []
        for (number, layer) in layers.enumerated() {
            if try await writer.store.contains(layer.descriptor) {
                rows.append(row(layer, .cached))
            } else if layer.descriptor.mediaType == .ociLayer {
                rows.append(unwritten(layer, .cached) { try await tar(of: layer, plan: remake()[number]) })
            } else {
                return nil
            }
        }
        for row in rows { say(row, logger) }
        return rows
    }

    /// The key of an artifact's layers together.
    static func key(artifact: String, prefix: String) -> String { "artifact:\(prefix):\(artifact)" }

    /// An artifact's layers, when the index knows them and all are in the store or need not be.
    func known(artifact: String, prefix: String) async throws -> [Layer]? {
        let key = fingerprinted(Self.key(artifact: artifact, prefix: prefix), .deflate)
        guard let layers = try await index.layers(for: key) else { return nil }
        for layer in layers where layer.descriptor.mediaType != .ociLayer {
            guard try await writer.store.contains(layer.descriptor) else { return nil }
        }
        return layers
    }

    /// - Throws: ``AssemblerError`` `fileChanged` when the plan's files are no longer those of the layer.
    private func tar(of layer: Layer, plan: LayerPlan) async throws -> TarSegments {
        let measured = try await writer.measure(plan.entries(), name: plan.name)
        guard measured.layer.descriptor == layer.descriptor else {
            throw AssemblerError(.fileChanged, "the files of \(plan.name) changed while they were packaged; try again")
        }
        return measured.tar
    }

    private func measure(_ plan: LayerPlan) async throws -> Image.LayerRow {
        let start = ContinuousClock.now
        let (layer, tar) = try await writer.measure(plan.entries(), name: plan.name)
        return unwritten(layer, .built, seconds: (ContinuousClock.now - start) / .seconds(1)) { tar }
    }

    private func unwritten(
        _ layer: Layer,
        _ provenance: Image.Provenance,
        seconds: Double = 0,
        _ tar: @escaping @Sendable () async throws -> TarSegments
    ) -> Image.LayerRow {
        let source = UnwrittenLayer(store: writer.store, tar: tar)
        return Image.LayerRow(layer: layer, provenance: provenance, source: source, seconds: seconds)
    }

    func record(_ layers: [Layer], for key: String, _ compression: LayerCompression = .deflate) async throws {
        try await index.record(layers, for: fingerprinted(key, compression))
    }

    func row(_ layer: Layer, _ provenance: Image.Provenance, seconds: Double = 0) -> Image.LayerRow {
        Image.LayerRow(layer: layer, provenance: provenance, source: writer.store.wholeRepository, seconds: seconds)
    }

    private func keyed(_ plan: LayerPlan, _ key: String) async throws -> Image.LayerRow {
        if let layer = try await known(key, plan.compression)?.first { return row(layer, .cached) }
        return try await flights.value(for: fingerprinted(key, plan.compression)) {
            // Another build may have finished it since.
            if let layer = try await known(key, plan.compression)?.first { return row(layer, .cached) }
            let row = try await build(plan)
            try await record([row.layer], for: key, plan.compression)
            return row
        }
    }

    private func build(_ plan: LayerPlan) async throws -> Image.LayerRow {
        let start = ContinuousClock.now
        let layer = try await writer.write(plan.entries(), name: plan.name, compression: plan.compression)
        return row(layer, .built, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// The index's key with everything else that the layer's bytes follow from. The first part is the version of how
    /// entries become bytes.
    private func fingerprinted(_ key: String, _ compression: LayerCompression) -> String {
        "1;\(writer.compression.fingerprint(for: compression));\(writer.modified);\(key)"
    }
}
