import Concurrency
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct SingleFlightTests {
    let flights = SingleFlight<String, Int>()

    @Test func worksOnceForAllWhoAskTogether() async throws {
        let gate = Gate()
        let runs = Counter()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    try await flights.value(for: "key") {
                        await gate.wait()
                        return runs.count()
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(50))
            await gate.open()
            for try await value in group { #expect(value == 1) }
        }
        #expect(try await flights.value(for: "key") { runs.count() } == 2)
    }

    @Test func otherKeysAreOtherWork() async throws {
        async let one = flights.value(for: "one") { 1 }
        async let two = flights.value(for: "two") { 2 }
        #expect(try await [one, two] == [1, 2])
    }

    @Test func aFailureIsEveryonesAndIsForgotten() async throws {
        struct Failure: Error {}
        await #expect(throws: Failure.self) { try await flights.value(for: "key") { throw Failure() } }
        #expect(try await flights.value(for: "key") { 1 } == 1)
    }

    @Test func oneWhoLeavesDoesNotDisturbTheOthers() async throws {
        let gate = Gate()
        let impatient = Task {
            try await flights.value(for: "key") {
                await gate.wait()
                return Task.isCancelled ? 0 : 1
            }
        }
        try await Task.sleep(for: .milliseconds(20))
        let patient = Task { try await flights.value(for: "key") { 2 } }
        try await Task.sleep(for: .milliseconds(20))
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        await gate.open()
        #expect(try await patient.value == 1)
    }

    @Test func theLastWhoLeavesCancelsTheWorkAndWaitsForItsEnd() async throws {
        let putAway = Counter()
        let only = Task {
            try await flights.value(for: "key") {
                do {
                    try await Task.sleep(for: .seconds(60))
                } catch {
                    await Task { try? await Task.sleep(for: .milliseconds(50)) }.value
                    putAway.count()
                    throw error
                }
                return 1
            }
        }
        try await Task.sleep(for: .milliseconds(20))
        only.cancel()
        await #expect(throws: CancellationError.self) { try await only.value }
        #expect(putAway.value == 1)
    }
}

final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock(\.self) }

    @discardableResult func count() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }
}

/// Lets nobody through until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
