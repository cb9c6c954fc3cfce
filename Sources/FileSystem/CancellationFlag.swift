import Synchronization

/// A flag that one side raises once and blocking work polls between blocks.
package final class CancellationFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    package init() {}

    package func raise() {
        raised.store(true, ordering: .relaxed)
    }

    /// - Throws: `CancellationError` once the flag is raised.
    package func check() throws {
        if raised.load(ordering: .relaxed) { throw CancellationError() }
    }
}
