import Glibc
import Synchronization

/// Shows how a transfer goes: one line that is written over on a terminal, a line now and then where there is none, and
/// nothing with `--quiet`.
final class ProgressDisplay: Sendable {
    private let title: String
    private let total: Int64?
    private let isQuiet: Bool
    private let terminal: Terminal
    private let done = Atomic<Int64>(0)

    init(_ options: GeneralOptions, title: String, total: Int64?, on terminal: Terminal = .standardError) {
        self.title = title
        self.total = total
        isQuiet = options.quiet
        self.terminal = terminal
    }

    func add(_ bytes: Int64) { done.wrappingAdd(bytes, ordering: .relaxed) }

    /// Shows the progress for as long as `work` runs, and how it came out in all.
    func during<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard !isQuiet else { return try await work() }
        let began = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                // A log of a CI job gets few lines.
                let pause: Duration = self.terminal.isInteractive ? .milliseconds(100) : .seconds(10)
                while true {
                    do { try await Task.sleep(for: pause) } catch { return nil }
                    self.show(since: began)
                }
            }
            defer {
                group.cancelAll()
                if self.terminal.isInteractive { Self.write("\r\u{1B}[K") }
            }
            guard let value = try await group.next() ?? nil else { throw CancellationError() }
            return value
        }
    }

    private func show(since began: ContinuousClock.Instant) {
        let line = ProgressLine(
            title: title,
            done: done.load(ordering: .relaxed),
            total: total,
            seconds: (ContinuousClock.now - began).seconds
        )
        guard terminal.isInteractive else { return printError(line.text) }
        Self.write("\r\(line.text.prefix(terminal.columns - 1))\u{1B}[K")
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
