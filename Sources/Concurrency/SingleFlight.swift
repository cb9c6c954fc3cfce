import Synchronization

/// Does work that several tasks ask for under one key at the same time only once, and gives all of them its result.
///
/// The work runs on when one of those who wait is cancelled, and is cancelled with the last.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Flight {
        var task: Task<Void, Never>?
        var waiting: [Int: CheckedContinuation<Value, any Error>] = [:]
    }

    private struct State {
        /// The flight that new tasks join.
        var byKey: [Key: Int] = [:]
        var flights: [Int: Flight] = [:]
        var next = 0

        mutating func number() -> Int {
            next += 1
            return next
        }
    }

    private let state = Mutex(State())

    package init() {}

    package func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let ticket = state.withLock { $0.number() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { join(key, ticket, $0, work) }
        } onCancel: {
            leave(key, ticket)
        }
    }

    private func join(
        _ key: Key,
        _ ticket: Int,
        _ continuation: CheckedContinuation<Value, any Error>,
        _ work: @escaping @Sendable () async throws -> Value
    ) {
        let refused = state.withLock { state in
            // The cancellation handler may have run before there was anything to leave.
            if Task.isCancelled { return true }
            if let flight = state.byKey[key] {
                state.flights[flight]?.waiting[ticket] = continuation
                return false
            }
            let flight = state.number()
            state.byKey[key] = flight
            // Owned by those who wait: the last one that leaves cancels it and still waits for its end.
            let task = Task { [self] in
                let result: Result<Value, any Error>
                do { result = .success(try await work()) } catch { result = .failure(error) }
                land(key, flight, result)
            }
            state.flights[flight] = Flight(task: task, waiting: [ticket: continuation])
            return false
        }
        if refused { continuation.resume(throwing: CancellationError()) }
    }

    private func land(_ key: Key, _ flight: Int, _ result: Result<Value, any Error>) {
        let waiting = state.withLock { state in
            if state.byKey[key] == flight { state.byKey[key] = nil }
            return state.flights.removeValue(forKey: flight)?.waiting.values.map { $0 } ?? []
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    private func leave(_ key: Key, _ ticket: Int) {
        let left = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            guard let number = state.flights.first(where: { $0.value.waiting[ticket] != nil })?.key else { return nil }
            if state.flights[number]?.waiting.count == 1 {
                // The last one stays until the work has put away what it had begun, and new askers start anew.
                if state.byKey[key] == number { state.byKey[key] = nil }
                state.flights[number]?.task?.cancel()
                return nil
            }
            return state.flights[number]?.waiting.removeValue(forKey: ticket)
        }
        left?.resume(throwing: CancellationError())
    }
}
