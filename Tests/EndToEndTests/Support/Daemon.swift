import Glibc
import Subprocess
import SystemPackage

/// A process that runs as long as a test needs it.
struct Daemon: Sendable {
    var name: String
    var processIdentifier: pid_t
    /// Where it writes what it says.
    var log: FilePath

    func send(_ signal: CInt) { _ = kill(processIdentifier, signal) }

    var isRunning: Bool {
        // A process that has ended but is not yet waited for counts as gone.
        guard let status = try? FilePath("/proc/\(processIdentifier)/stat").text() else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    /// Waits until it is gone.
    func waitForExit(within limit: Duration = .seconds(60)) async throws {
        try await eventually("\(name) ends", within: limit) { !isRunning }
    }
}

/// Starts a program, waits until it is ready, and ends it when the body does, however that is.
func withDaemon<Value: Sendable>(
    _ program: String,
    _ arguments: [String],
    environment: [String: String?] = [:],
    log: FilePath,
    isReady: @Sendable (Daemon) async throws -> Bool,
    _ body: @Sendable (Daemon) async throws -> Value
) async throws -> Value {
    let file = try FileDescriptor.open(
        log,
        .writeOnly,
        options: [.create, .append, .closeOnExec],
        permissions: [.ownerReadWrite]
    )
    let result = try await run(
        Project.executable(program),
        arguments: Arguments(arguments),
        environment: Project.environment(environment),
        input: .none,
        output: .fileDescriptor(file, closeAfterSpawningProcess: false),
        error: .fileDescriptor(file, closeAfterSpawningProcess: true)
    ) { execution -> Result<Value, any Error> in
        let daemon = Daemon(name: program, processIdentifier: execution.processIdentifier.value, log: log)
        let outcome: Result<Value, any Error>
        do {
            try await eventually("\(program) is ready", within: .seconds(60)) {
                guard daemon.isRunning else {
                    throw EndToEndError("\(program) ended at once: \((try? log.text())?.suffix(2000) ?? "")")
                }
                return try await isReady(daemon)
            }
            outcome = .success(try await body(daemon))
        } catch {
            outcome = .failure(error)
        }
        await execution.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))])
        return outcome
    }
    return try result.closureResult.get()
}

/// Asks again and again until the answer is yes.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(50),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard .now < end else { throw EndToEndError("not within \(limit): \(what)") }
        try await Task.sleep(for: pause)
    }
}
