import ImageAssembler
import Transfer

/// Shows how transfers go: one line that is written over on a terminal, a line now and then where there is none, and
/// nothing with `--quiet`.
struct ProgressDisplay: Sendable {
    private let options: GeneralOptions
    private let terminal: Terminal
    /// What is shown of the bytes and the seconds so far.
    private let line: @Sendable (ProgressCounts, Double) -> String

    /// - Parameter total: bytes; nil where that is not known.
    static func upload(_ title: String, total: Int64?, _ options: GeneralOptions) -> ProgressDisplay {
        ProgressDisplay(options) { ProgressLine(title: title, done: $0.sent, total: total, seconds: $1).text }
    }

    static func download(_ title: String, total: Int64?, _ options: GeneralOptions) -> ProgressDisplay {
        ProgressDisplay(options) { ProgressLine(title: title, done: $0.received, total: total, seconds: $1).text }
    }

    static func packaging(_ options: GeneralOptions) -> ProgressDisplay {
        ProgressDisplay(options) { $0.packagingText(seconds: $1) }
    }

    init(
        _ options: GeneralOptions,
        on terminal: Terminal = .standardError,
        line: @escaping @Sendable (ProgressCounts, Double) -> String
    ) {
        self.options = options
        self.terminal = terminal
        self.line = line
    }

    /// Shows the progress for as long as `work` runs.
    func during<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard !options.quiet else { return try await work() }
        let (transfers, layers) = (TransferMeter(), LayerMeter())
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await TransferMeter.$current.withValue(transfers) {
                    try await LayerMeter.$current.withValue(layers) { try await work() }
                }
            }
            group.addTask {
                await show { ProgressCounts(transfers, layers) }
                return nil
            }
            defer {
                group.cancelAll()
                if terminal.isInteractive { StatusLine.show("") }
            }
            while let ended = try await group.next() {
                if let value = ended { return value }
            }
            throw CancellationError()
        }
    }

    /// Until the task is cancelled.
    private func show(_ counts: () -> ProgressCounts) async {
        let began = ContinuousClock.now
        // A log of a CI job gets few lines.
        let pause: Duration = terminal.isInteractive ? .milliseconds(100) : .seconds(10)
        while (try? await Task.sleep(for: pause)) != nil {
            let text = line(counts(), (ContinuousClock.now - began).seconds)
            if terminal.isInteractive {
                StatusLine.show(String(text.prefix(terminal.columns - 1)))
            } else {
                printError(text)
            }
        }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
