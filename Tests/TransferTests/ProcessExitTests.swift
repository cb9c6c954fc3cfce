import FileSystem
import Glibc
import SystemPackage
import Testing
import Transfer

/// OpenSSL frees its locks when the process exits: a thread that still closes a connection then would crash it.
@Suite struct ProcessExitTests {
    @Test func noTransferThreadOutlivesTheProcess() async {
        await #expect(processExitsWith: .exitCode(7)) {
            // Registered before the library is loaded, this runs after everything that it registers.
            atexit { if !transferThreads().isEmpty { _exit(1) } }
            let clients = try (0..<8).map { _ in try HTTPClient() }
            for _ in 0..<500 where transferThreads().count < clients.count {
                try await Task.sleep(for: .milliseconds(10))
            }
            // Without threads to look for there would be nothing to see.
            withExtendedLifetime(clients) { exit(transferThreads().count == clients.count ? 7 : 2) }
        }
    }

    @Test func droppedClientsLeaveNoThreads() async throws {
        await #expect(processExitsWith: .exitCode(7)) {
            for _ in 0..<100 { _ = try HTTPClient() }
            for _ in 0..<500 where !transferThreads().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            exit(transferThreads().isEmpty ? 7 : 1)
        }
    }
}

/// The numbers of this process's threads that run transfers.
private func transferThreads() -> [String] {
    let tasks = FilePath("/proc/self/task")
    return ((try? tasks.entries()) ?? []).map(\.string).filter { thread in
        // A thread that is gone meanwhile has no name.
        let name = try? tasks.appending(thread).appending("comm").readAll()
        return name.map { String(decoding: $0, as: UTF8.self) } == "http-transfer\n"
    }
}
