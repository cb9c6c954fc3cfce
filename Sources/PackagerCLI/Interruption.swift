import Dispatch
import Glibc

/// Runs `work` in a task that SIGINT and SIGTERM cancel, so that it can remove what it was making; a second signal ends
/// the process at once.
func withInterruption(_ work: sending @escaping () async throws -> Void) async throws {
    let task = Task(operation: work)
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            signal(number, SIG_DFL)
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { sources.forEach { $0.cancel() } }
    try await task.value
}
