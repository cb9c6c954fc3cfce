import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceLifecycle
import Synchronization
import Testing

@testable import PackagerAPI

/// Logs over real connections, from streams that the test feeds in place of a job's log file.
struct PackagingLogTests {
    /// A log that a test writes, and that tells when one of its readers is gone.
    private final class Job: Sendable {
        typealias Feed = AsyncThrowingStream<[UInt8], any Error>.Continuation

        private let feeds = Mutex<[Feed]>([])
        private let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        private let (opens, opened) = AsyncStream.makeStream(of: Void.self)

        /// A stream for one reader.
        func open() -> PackagingLog.Chunks {
            let (chunks, feed) = AsyncThrowingStream.makeStream(of: [UInt8].self)
            feed.onTermination = { [ended] _ in ended.yield() }
            feeds.withLock { $0.append(feed) }
            opened.yield()
            return chunks
        }

        func write(_ text: String) { feeds.withLock { $0.forEach { $0.yield(Array(text.utf8)) } } }
        func finish() { feeds.withLock { $0.forEach { $0.finish() } } }

        func waitForReaders(_ count: Int) async {
            var iterator = opens.makeAsyncIterator()
            for _ in 0..<count { await iterator.next() }
        }

        func waitForEnd() async {
            var iterator = ends.makeAsyncIterator()
            await iterator.next()
        }
    }

    private static func application(_ job: Job) -> some ApplicationProtocol {
        let router = Router<APIRequestContext>.withMiddleware()
        let log = PackagingLog { _, _, _ in job.open() }
        router.add([Route(.get, "/packaging/{id}/log", log.reply)])
        router.add(DocumentationRoutes().routes())
        var configuration = APIConfiguration()
        configuration.port = 0
        return buildApplication(router, configuration: configuration, logger: .silent)
    }

    private static func follow(_ port: Int) throws -> RawConnection {
        let connection = try RawConnection(port: port)
        try connection.send("GET /packaging/wine/log?follow=True HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return connection
    }

    @Test func linesArriveAsTheyAreWrittenAndTheStreamEndsWithTheJob() async throws {
        let job = Job()
        try await Self.application(job).test(.live) { client in
            let connection = try Self.follow(try #require(client.port))
            await job.waitForReaders(1)
            job.write("one\n")
            let head = try await connection.receive(upTo: "one\n")
            #expect(head.contains("Content-Type: text/plain; charset=utf-8"))
            #expect(head.contains("one\n"))
            job.write("two\n")
            #expect(try await connection.receive(upTo: "two\n").contains("two\n"))
            job.finish()
            #expect(try await connection.receive(upTo: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
            #expect(try await connection.receive().isEmpty)
        }
    }

    @Test func aFinishedLogIsGivenWhole() async throws {
        let log = PackagingLog { _, _, _ in
            AsyncThrowingStream { feed in
                for line in ["one\n", "two\n"] { feed.yield(Array(line.utf8)) }
                feed.finish()
            }
        }
        let router = Router<APIRequestContext>.withMiddleware()
        router.add([Route(.get, "/packaging/{id}/log", log.reply)])
        let application = buildApplication(router, configuration: APIConfiguration(), logger: .silent)
        try await application.test(.router) { client in
            let reply = try await client.send(.get, "/packaging/wine/log")
            #expect(reply.text == "one\ntwo\n")
            #expect(try await client.send(.head, "/packaging/wine/log?follow=f").status == 200)
        }
    }

    /// No line comes, so that nothing but the closed connection can tell.
    @Test(.timeLimit(.minutes(10)))
    func readingStopsWhenTheClientGoesAway() async throws {
        let job = Job()
        try await Self.application(job).test(.live) { client in
            do {
                let connection = try Self.follow(try #require(client.port))
                await job.waitForReaders(1)
                job.write("one\n")
                #expect(try await connection.receive(upTo: "one\n").contains("one\n"))
            }
            await job.waitForEnd()
        }
    }

    @Test func theServerAnswersWhileTenFollow() async throws {
        let job = Job()
        try await Self.application(job).test(.live) { client in
            let port = try #require(client.port)
            let followers = try (1...10).map { _ in try Self.follow(port) }
            await job.waitForReaders(10)
            for _ in 1...20 { #expect(try await client.send(.get, "/health").status == 200) }
            job.finish()
            for follower in followers { #expect(try await follower.receive(upTo: "0\r\n\r\n").hasSuffix("0\r\n\r\n")) }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func followersEndWhenTheServerStops() async throws {
        let job = Job()
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router<APIRequestContext>.withMiddleware()
        let log = PackagingLog { _, _, _ in job.open() }
        router.add([Route(.get, "/packaging/{id}/log", log.reply)])
        var configuration = APIConfiguration()
        configuration.port = 0
        let application = buildApplication(router, configuration: configuration, logger: .silent) {
            if let number = $0 { port.yield(number) }
        }
        let group = ServiceGroup(services: [application], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await number in ports {
                let connection = try Self.follow(number)
                await job.waitForReaders(1)
                job.write("one\n")
                #expect(try await connection.receive(upTo: "one\n").contains("one\n"))
                await group.triggerGracefulShutdown()
                #expect(try await connection.receive(upTo: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
                break
            }
            try await tasks.waitForAll()
        }
    }
}
