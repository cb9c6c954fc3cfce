/// What a client that watches a packaging is told.
package enum PackagingEvent: Sendable, Hashable {
    /// The status has changed in something else than its steps; the first event always is one.
    case status(ModelPackaging.Status)
    /// A step has begun, has got on, or has ended.
    case step(PackagingStep)
    /// A layer is ready, or it is known how it came to where the image goes.
    case layer(PackagedLayer)
    /// More went over the network.
    case traffic(PackagingTraffic)
    /// The packaging was deleted.
    case deleted
    /// Nothing has happened for five seconds.
    case silence
}

/// What happens to a packaging, until the job has ended or the packaging is gone.
///
/// Works for jobs of other processes too: their changes are found by polling. States between two looks may be missed, steps
/// and layers are not.
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
        private var last: PackagingView?
        private var waiting: ArraySlice<PackagingEvent> = []
        private var isOver = false

        init(sequence: PackagingEventSequence) { self.sequence = sequence }

        package mutating func next() async throws -> PackagingEvent? {
            if let event = waiting.popFirst() { return event }
            if isOver { return nil }
            let started = ContinuousClock.now
            while true {
                try Task.checkCancellation()
                let seen = sequence.database.progressChanges.count
                guard let view = try await sequence.database.view(of: sequence.id) else {
                    isOver = true
                    return .deleted
                }
                waiting = view.events(since: last)[...]
                last = view
                isOver = view.status.state.isTerminal
                if let event = waiting.popFirst() { return event }
                guard ContinuousClock.now - started < sequence.silence else { return .silence }
                await sequence.database.progressChanges.wait(after: seen, timeout: sequence.poll)
            }
        }
    }
}
