import Logging

/// Times the steps of a packaging and says each in the log.
struct StepClock: Sendable {
    private(set) var steps: [PackagedImage.Step] = []
    private var last = ContinuousClock.now
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    /// The time since the last step belongs to none: it was waited for others.
    mutating func restart() { last = .now }

    mutating func end(_ name: String, _ result: @autoclosure () -> String) {
        let now = ContinuousClock.now
        let seconds = (now - last) / .seconds(1)
        last = now
        steps.append(PackagedImage.Step(name: name, seconds: seconds))
        logger.info("\(name): \(result()) (\((seconds * 1000).rounded() / 1000) s)")
    }
}
