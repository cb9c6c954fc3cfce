import Synchronization

/// Lets one task at a time through for each key, in their order; a cancelled one stops waiting at once.
package final class KeyedTurnstile<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        let turnstile = Turnstile(places: 1)
        /// Tasks that wait or are inside.
        var users = 0
    }

    private let entries = Mutex<[Key: Entry]>([:])

    package init() {}

    package func pass<Value: Sendable>(
        _ key: Key,
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let turnstile = entries.withLock { entries in
            var entry = entries[key] ?? Entry()
            entry.users += 1
            entries[key] = entry
            return entry.turnstile
        }
        defer {
            entries.withLock { entries in
                entries[key]?.users -= 1
                if entries[key]?.users == 0 { entries[key] = nil }
            }
        }
        return try await turnstile.pass(body)
    }
}
