/// What a client that watches a packaging is told.
package enum PackagingEvent: Sendable, Hashable {
    /// The status has changed; the first event always is one.
    case status(ModelPackaging.Status)
    /// The packaging was deleted.
    case deleted
    /// Nothing has happened for five seconds.
    case silence
}

/// A packaging's status as it changes, until the job has ended or the packaging is gone.
///
/// Works for jobs of other processes too: their changes are found by polling. States between two looks may be missed.
package struct PackagingEventSequence: AsyncSequence, Sendable {
    package typealias Element = PackagingEvent
    package typealias Failure = any Error

    let id: String
    let database: PackagerDatabase
    var poll = Duration.milliseconds(200)
    var silence = Duration.seconds(5)

    package func makeAsyncIterator() -> Iterator { Iterator(sequence: self) }

    package struct Iterator: AsyncIteratorProtocol {
        let sequence: PackagingEventSequence
        private var last: ModelPackaging.Status?
        private var isOver = false

        init(sequence: PackagingEventSequence) { self.sequence = sequence }

        package mutating func next() async throws -> PackagingEvent? {
            if isOver { return nil }
            let started = ContinuousClock.now
            while true {
                try Task.checkCancellation()
                let seen = sequence.database.jobChanges.count
                guard let packaging = try await sequence.database.packaging(sequence.id) else {
                    isOver = true
                    return .deleted
                }
                if let status = packaging.status, status != last {
                    last = status
                    isOver = status.state.isTerminal
                    return .status(status)
                }
                guard ContinuousClock.now - started < sequence.silence else { return .silence }
                await sequence.database.jobChanges.wait(after: seen, timeout: sequence.poll)
            }
        }
    }
}
