import Synchronization

/// Work that is done once for everyone who asks for it at the same time. A waiter that is cancelled leaves at once; the
/// work is cancelled with its last waiter.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Flight {
        var number: UInt64
        var task: Task<Void, Never>
        var waiters: [UInt64: CheckedContinuation<Value, any Error>]
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        var lastNumber: UInt64 = 0

        mutating func nextNumber() -> UInt64 {
            lastNumber += 1
            return lastNumber
        }
    }

    private let state = Mutex(State())

    func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let waiter = state.withLock { $0.nextNumber() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    // Under the lock: a cancellation that comes later finds the waiter.
                    if Task.isCancelled { return true }
                    if state.flights[key] == nil {
                        let number = state.nextNumber()
                        let task = Task {
                            let result: Result<Value, any Error>
                            do { result = .success(try await work()) } catch { result = .failure(error) }
                            self.land(key, number, result)
                        }
                        state.flights[key] = Flight(number: number, task: task, waiters: [:])
                    }
                    state.flights[key]?.waiters[waiter] = continuation
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            leave(key, waiter)
        }
    }

    private func land(_ key: Key, _ number: UInt64, _ result: Result<Value, any Error>) {
        let flight = state.withLock { state in
            state.flights[key]?.number == number ? state.flights.removeValue(forKey: key) : nil
        }
        for waiter in flight?.waiters.values.map(\.self) ?? [] { waiter.resume(with: result) }
    }

    private func leave(_ key: Key, _ waiter: UInt64) {
        let (continuation, abandoned) = state.withLock { state in
            let continuation = state.flights[key]?.waiters.removeValue(forKey: waiter)
            let isLast = continuation != nil && state.flights[key]?.waiters.isEmpty == true
            return (continuation, isLast ? state.flights.removeValue(forKey: key)?.task : nil)
        }
        abandoned?.cancel()
        continuation?.resume(throwing: CancellationError())
    }
}
