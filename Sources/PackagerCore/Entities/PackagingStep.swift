/// One step of a packaging's run.
package struct PackagingStep: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable {
        case running, succeeded, failed
    }

    package var name: String
    package var state: State
    /// How long it took; while it runs, how long it had taken when this was written.
    package var seconds: Double
    /// What it worked through: the artifact's files, the layers that were made or found, the blobs that were sent. Nil for
    /// a step that moves none.
    package var bytes: Int64?

    package init(name: String, state: State = .running, seconds: Double = 0, bytes: Int64? = nil) {
        self.name = name
        self.state = state
        self.seconds = seconds
        self.bytes = bytes
    }
}

extension ModelPackaging.Status {
    /// A run that has ended has no step that goes on.
    mutating func endSteps() {
        guard let last = steps?.indices.last, steps?[last].state == .running else { return }
        steps?[last].state = .failed
    }
}
