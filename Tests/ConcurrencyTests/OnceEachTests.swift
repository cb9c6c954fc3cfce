import Concurrency
import Synchronization
import Testing

/// Work that is done once, and work that is done by one at a time.
@Suite(.timeLimit(.minutes(10))) struct OnceEachTests {
    private struct Failure: Error {}

    @Test func everyoneGetsTheResultOfOneRun() async throws {
        let once = OnceEach<String, Int>()
        let runs = Atomic<Int>(0)
        let values = try await (0..<20).concurrentMap(limit: 20) { number in
            try await once.value(for: number < 10 ? "a" : "b") {
                try await Task.sleep(for: .milliseconds(5))
                return runs.wrappingAdd(1, ordering: .relaxed).newValue
            }
        }
        #expect(Set(values) == [1, 2])
        #expect(Set(values[..<10]).count == 1)
        // And so do those who come later.
        #expect(try await once.value(for: "a") { -1 } == values[0])
        #expect(runs.load(ordering: .relaxed) == 2)
    }

    @Test func aFailureIsNotRemembered() async throws {
        let once = OnceEach<String, Int>()
        await #expect(throws: Failure.self) { try await once.value(for: "a") { throw Failure() } }
        #expect(try await once.value(for: "a") { 1 } == 1)
    }

    @Test func whoeverAskedFirstMayLeave() async throws {
        let once = OnceEach<String, Int>()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let work: @Sendable () async throws -> Int = {
            start.yield()
            for await _ in released { break }
            try Task.checkCancellation()
            return 1
        }
        let first = Task { try await once.value(for: "a", work) }
        for await _ in started { break }
        let second = Task { try await once.value(for: "a") { 2 } }
        try await Task.sleep(for: .milliseconds(50))
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        release.yield()
        #expect(try await second.value == 1)
    }
}

@Suite(.timeLimit(.minutes(10))) struct KeyedTurnstileTests {
    @Test func oneAtATimeForEachKey() async throws {
        let turnstile = KeyedTurnstile<Int>()
        let inside = Mutex<[Int: Int]>([:])
        let most = Mutex<(ofOne: Int, ofAll: Int)>((0, 0))
        _ = try await (0..<30).concurrentMap(limit: 30) { number in
            try await turnstile.pass(number % 3) {
                let (one, all) = inside.withLock { inside in
                    inside[number % 3, default: 0] += 1
                    return (inside[number % 3] ?? 0, inside.values.reduce(0, +))
                }
                most.withLock { $0 = (max($0.ofOne, one), max($0.ofAll, all)) }
                try await Task.sleep(for: .milliseconds(2))
                inside.withLock { $0[number % 3, default: 0] -= 1 }
            }
        }
        #expect(most.withLock(\.ofOne) == 1)
        #expect(most.withLock(\.ofAll) > 1)
    }

    @Test func aFailureLetsTheNextOneIn() async throws {
        struct Failure: Error {}
        let turnstile = KeyedTurnstile<Int>()
        await #expect(throws: Failure.self) { try await turnstile.pass(1) { throw Failure() } }
        #expect(try await turnstile.pass(1) { 2 } == 2)
    }
}
