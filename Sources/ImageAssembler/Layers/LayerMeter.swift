import Synchronization

/// Counts the bytes that layers are made of while they are made, for whoever shows how far that is.
///
/// Layers that are begun while one is ``current`` are counted by it, also those of child tasks.
package final class LayerMeter: Sendable {
    @TaskLocal package static var current: LayerMeter?

    private let bytes = Atomic<Int64>(0)

    package init() {}

    /// Of tar, before compression.
    package var made: Int64 { bytes.load(ordering: .relaxed) }

    func add(_ count: Int) { bytes.wrappingAdd(Int64(count), ordering: .relaxed) }
}
