package import ImageAssembler
import OCI
import Synchronization
import Transfer

/// How far the making of an image is. The corridor writes it; whoever gave it with the request reads it at any time.
///
/// A value is for one run at a time.
package final class PackagingProgress: Sendable {
    /// How far it is at one moment.
    package struct Snapshot: Sendable {
        /// In their order; the last one may still run.
        package var steps: [PackagingStep] = []
        /// While the image is made, its own layers as they get ready; then all, the lowest first.
        package var layers: [PackagedLayer] = []
        package var traffic = PackagingTraffic()
        /// What became of the image's blobs; nil until it is where it is to be.
        package var push: ImagePusher.Report?
        /// Grows with every change but that of the traffic.
        var version: UInt64 = 0
    }

    private struct State {
        var snapshot = Snapshot()
        var began = ContinuousClock.now

        /// The step that runs.
        var running: Int? {
            snapshot.steps.indices.last.flatMap { snapshot.steps[$0].state == .running ? $0 : nil }
        }

        mutating func end(_ state: PackagingStep.State, bytes: Int64?) -> PackagingStep? {
            guard let running else { return nil }
            snapshot.steps[running].state = state
            snapshot.steps[running].seconds = elapsed
            snapshot.steps[running].bytes = bytes ?? snapshot.steps[running].bytes
            return snapshot.steps[running]
        }

        /// Seconds since the last step began, to the millisecond.
        var elapsed: Double { ((ContinuousClock.now - began) / .milliseconds(1)).rounded() / 1000 }
    }

    private let state = Mutex(State())
    /// Counts what transfers move; they belong to the run that is their task's ``TransferMeter/current``.
    let meter = TransferMeter()
    /// Raised with every change but that of the traffic.
    let changes = ChangeSignal()

    package init() {}

    package var snapshot: Snapshot {
        state.withLock { state in
            var snapshot = state.snapshot
            if let running = state.running { snapshot.steps[running].seconds = state.elapsed }
            snapshot.traffic = PackagingTraffic(received: meter.received, sent: meter.sent)
            return snapshot
        }
    }

    /// A run that begins again begins with nothing.
    func restart() { change { $0.snapshot = Snapshot(version: $0.snapshot.version) } }

    /// The step before is over, if it has not ended.
    func begin(_ step: String) {
        change { state in
            _ = state.end(.succeeded, bytes: nil)
            state.snapshot.steps.append(PackagingStep(name: step))
            state.began = .now
        }
    }

    /// - Parameter bytes: what the step worked through in all; nil leaves what was counted on the way.
    /// - Returns: the step that ran; nil where none does.
    @discardableResult
    func end(bytes: Int64? = nil) -> PackagingStep? { change { $0.end(.succeeded, bytes: bytes) } }

    /// The run is over, and with it the step that still runs.
    func finish(_ isSuccess: Bool) { change { _ = $0.end(isSuccess ? .succeeded : .failed, bytes: nil) } }

    /// One of the image's own layers is ready.
    func add(_ row: Image.LayerRow) {
        change { state in
            state.snapshot.layers.append(PackagedLayer(row))
            guard let running = state.running else { return }
            state.snapshot.steps[running].bytes =
                (state.snapshot.steps[running].bytes ?? 0) + row.layer.descriptor.size
        }
    }

    /// The image is whole.
    func setLayers(_ rows: [Image.LayerRow]) { change { $0.snapshot.layers = rows.map { PackagedLayer($0) } } }

    /// The image is where it is to be.
    func set(_ report: ImagePusher.Report) {
        let outcomes = Dictionary(report.blobs.map { ($0.digest, $0.outcome) }) { first, _ in first }
        change { state in
            state.snapshot.push = report
            for index in state.snapshot.layers.indices {
                state.snapshot.layers[index].push = outcomes[state.snapshot.layers[index].digest]
            }
        }
    }

    private func change<Value: Sendable>(_ work: (inout State) -> Value) -> Value {
        let value = state.withLock { state in
            state.snapshot.version += 1
            return work(&state)
        }
        changes.raise()
        return value
    }
}
