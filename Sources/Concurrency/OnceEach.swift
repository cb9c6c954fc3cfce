import Synchronization

/// Does the work of each key once, for those who ask at the same time and for those who ask later.
///
/// A failure is not remembered. Whoever waits is cancelled as with ``SingleFlight``.
package final class OnceEach<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let flights = SingleFlight<Key, Value>()
    private let values = Mutex<[Key: Value]>([:])

    package init() {}

    package func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let known = known(key) { return known }
        return try await flights.value(for: key) { [self] in
            // Another flight may have landed since.
            if let known = known(key) { return known }
            let value = try await work()
            values.withLock { $0[key] = value }
            return value
        }
    }

    private func known(_ key: Key) -> Value? { values.withLock { $0[key] } }
}
