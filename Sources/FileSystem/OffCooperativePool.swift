import Dispatch

/// Runs blocking work on a thread of its own pool and suspends the caller until it ends.
///
/// The cooperative pool has one thread per core. A `read`, an archive call or a hash over gigabytes would hold one of
/// them and starve every other task, so such work goes through here. Cancellation is the work's own affair: long loops
/// take a `CancellationFlag` (``withCancellableBlocking(_:)``) and look at it between blocks.
package func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        // A serial queue of its own has a thread at once. A concurrent queue has as many threads as cores run at first,
        // and adds one a second, and none while those are busy: work that computes would hold up work that waits.
        DispatchQueue(label: "packager.blocking").async {
            continuation.resume(with: Result { try work() })
        }
    }
}

/// Like ``blocking(_:)``, and hands the work a flag that the task's cancellation raises.
package func withCancellableBlocking<Value: Sendable>(
    _ work: @escaping @Sendable (CancellationFlag) throws -> Value
) async throws -> Value {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
        try Task.checkCancellation()
        return try await blocking { try work(flag) }
    } onCancel: {
        flag.raise()
    }
}
