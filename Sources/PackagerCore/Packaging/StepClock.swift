import Logging

/// Says the steps of a packaging in its log and in its progress.
struct StepClock: Sendable {
    let progress: PackagingProgress
    let logger: Logger

    func begin(_ step: String) { progress.begin(step) }

    /// - Parameter bytes: what the step worked through; nil leaves what was counted on the way.
    func end(_ result: @autoclosure () -> String, bytes: Int64? = nil) {
        guard let step = progress.end(bytes: bytes) else { return }
        logger.info("\(step.name): \(result()) (\(step.seconds) s)")
    }
}
