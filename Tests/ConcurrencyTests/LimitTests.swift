import Concurrency
import Synchronization
import Testing

/// How many pieces of work run at a time.
@Suite(.timeLimit(.minutes(10))) struct LimitTests {
    private final class Crowd: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock(\.most) }

        func visit() async throws {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            defer { state.withLock { $0.now -= 1 } }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(arguments: [1, 3, 100]) func mapKeepsOrderAndLimit(limit: Int) async throws {
        let crowd = Crowd()
        let results = try await (0..<20).concurrentMap(limit: limit) { number in
            try await crowd.visit()
            return number * 2
        }
        #expect(results == (0..<20).map { $0 * 2 })
        #expect(crowd.most <= limit && crowd.most >= min(limit, 2))
    }

    @Test func mapOfNothingIsNothing() async throws {
        #expect(try await [Int]().concurrentMap(limit: 0) { $0 } == [])
    }

    @Test func mapEndsWithTheFirstError() async throws {
        struct Failure: Error {}
        let runs = Counter()
        await #expect(throws: Failure.self) {
            try await (0..<100).concurrentMap(limit: 2) { number in
                runs.count()
                if number == 3 { throw Failure() }
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        #expect(runs.value < 100)
    }

    @Test func turnstileLetsPlacesThrough() async throws {
        let turnstile = Turnstile(places: 2)
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { try await turnstile.pass { try await crowd.visit() } } }
            try await group.waitForAll()
        }
        #expect(crowd.most == 2)
    }

    @Test func aCancelledTaskLeavesTheQueue() async throws {
        let turnstile = Turnstile(places: 1)
        let gate = Gate()
        let first = Task { try await turnstile.pass { await gate.wait() } }
        try await Task.sleep(for: .milliseconds(20))
        let second = Task { try await turnstile.pass {} }
        try await Task.sleep(for: .milliseconds(20))
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await gate.open()
        try await first.value
        try await turnstile.pass {}
    }
}
