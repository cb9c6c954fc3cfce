import ImageAssembler
package import Prometheus

/// What a process counts of the packagings that it runs.
package struct PackagerMetrics: Sendable {
    /// Everything that is counted; the server adds what it counts of requests.
    package let registry: MetricRegistry
    private let packagings: Gauge
    private let queue: Gauge
    private let running: Gauge
    private let attempts: Counter
    private let steps: Histogram
    private let layers: Counter
    private let layerBytes: Counter
    private let blobs: Counter
    private let blobBytes: Counter
    private let traffic: Counter

    package init(_ registry: MetricRegistry = MetricRegistry()) {
        self.registry = registry
        packagings = registry.gauge("packager_packagings", "Packagings by their state.", labels: ["state"])
        queue = registry.gauge("packager_queue_depth", "Jobs that wait for a worker.")
        running = registry.gauge("packager_jobs_running", "Jobs that a worker has, in this process or another.")
        attempts = registry.counter(
            "packager_attempts_total",
            "Attempts of this process's workers by how they ended.",
            labels: ["outcome"]
        )
        steps = registry.histogram(
            "packager_step_seconds",
            "How long steps of packagings took.",
            labels: ["step", "state"],
            bounds: Histogram.workSeconds
        )
        layers = registry.counter(
            "packager_layers_total",
            "Layers by where they came from: the base, made (built), or found because they were made before (cached).",
            labels: ["from"]
        )
        layerBytes = registry.counter(
            "packager_layer_bytes_total",
            "Bytes of layers, compressed as they are, by where they came from.",
            labels: ["from"]
        )
        blobs = registry.counter(
            "packager_blobs_total",
            "Blobs by how they came to where their image goes: uploaded, mounted, or there already (skipped).",
            labels: ["outcome"]
        )
        blobBytes = registry.counter(
            "packager_blob_bytes_total",
            "Bytes of blobs by how they came to where their image goes.",
            labels: ["outcome"]
        )
        traffic = registry.counter(
            "packager_network_bytes_total",
            "Bytes that packagings moved over the network.",
            labels: ["direction"]
        )
        // Rates need series that are there before the first event.
        for outcome in AttemptOutcome.allCases { attempts.add(0, outcome.rawValue) }
        for from in ["base", "built", "cached"] {
            layers.add(0, from)
            layerBytes.add(0, from)
        }
        for outcome in ["uploaded", "mounted", "skipped"] {
            blobs.add(0, outcome)
            blobBytes.add(0, outcome)
        }
        for direction in ["received", "sent"] { traffic.add(0, direction) }
    }

    enum AttemptOutcome: String, CaseIterable {
        case succeeded, failed, cancelled
        /// The worker shut down.
        case stopped
    }

    /// Counts a run that is over.
    func count(_ run: PackagingProgress.Snapshot, _ outcome: AttemptOutcome) {
        attempts.add(1, outcome.rawValue)
        for step in run.steps { steps.observe(step.seconds, step.name, step.state.rawValue) }
        for layer in run.layers {
            layers.add(1, layer.from.rawValue)
            layerBytes.add(Double(layer.size), layer.from.rawValue)
        }
        for blob in run.push?.blobs ?? [] {
            blobs.add(1, blob.outcome.rawValue)
            blobBytes.add(Double(blob.size), blob.outcome.rawValue)
        }
        traffic.add(Double(run.traffic.received), "received")
        traffic.add(Double(run.traffic.sent), "sent")
    }

    fileprivate func set(_ counts: PackagerDatabase.JobCounts) {
        for state in ModelPackaging.State.allCases {
            packagings.set(Double(counts.packagings[state] ?? 0), state.rawValue)
        }
        queue.set(Double(counts.waiting))
        running.set(Double(counts.running))
    }
}

extension PackagerService {
    /// All metrics as text, with how things stand now. The media type is ``MetricRegistry/mediaType``.
    package var metricsText: String {
        get async throws {
            metrics.set(try await database.jobCounts())
            return metrics.registry.text
        }
    }
}
