import FileSystem
import Logging
import SystemPackage
import Testing

@testable import PackagerCore

@Suite struct JobLogTests {
    private func text(_ log: some AsyncSequence<[UInt8], any Error>) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in log { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A log with a short poll and silence, as `log(of:follow:)` makes it otherwise.
    private func follow(_ service: PackagerService, silence: Duration = .seconds(60)) -> JobLogSequence {
        JobLogSequence(
            id: "wine",
            directory: service.configuration.directory.logs.appending("wine"),
            database: service.database,
            follow: true,
            poll: .milliseconds(20),
            silence: silence
        )
    }

    private func log(_ job: Job, _ service: PackagerService) throws -> JobLog {
        let path = service.configuration.directory.log(of: job.packaging.id, attempt: job.attempt)
        return try JobLog(at: path, changed: service.database.logChanges)
    }

    @Test func linesHaveLevelAndTimeAndEndWithTheJob() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "log") { directory in
            let path = directory.appending("x/1.log")
            let log = try JobLog(at: path)
            log.logger.info("resolving", metadata: ["base": "python:3.11"])
            log.logger.debug("not shown")
            log.error("first\nsecond")
            let lines = String(decoding: try path.readAll(), as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 3)
            let stamp = #/\d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d/#
            #expect(lines[0].replacing(stamp, with: "T") == "[packager][ INFO] T - resolving base=python:3.11")
            #expect(lines[1].replacing(stamp, with: "T") == "[packager][ERROR] T - first")
            #expect(lines[2].replacing(stamp, with: "T") == "[packager][ERROR] T - second")
        }
    }

    @Test(arguments: [true, false])
    func followingWaitsForTheStartAndEndsWithTheJob(inAnotherProcess: Bool) async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let other = try await service.reopened()
            let reader = follow(inAnotherProcess ? other : service)
            async let all = text(reader)
            try await Task.sleep(for: .milliseconds(50))
            let job = try #require(try await service.database.claimJob(lasting: 60))
            let log = try log(job, service)
            for step in 1...50 { log.info("step \(step)") }
            #expect(try await service.database.finish(job) { $0.state = .succeeded })
            let lines = try await all.split(separator: "\n")
            #expect(lines.count == 50)
            #expect(lines.last?.hasSuffix("step 50") == true)
            // Once more, after the end.
            #expect(try await text(service.log(of: "wine", follow: false)).split(separator: "\n") == lines)
            #expect(try await text(service.log(of: "wine", follow: true)).split(separator: "\n") == lines)
            try other.close()
        }
    }

    @Test func silenceIsBrokenByBlankLines() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            var iterator = follow(service, silence: .milliseconds(50)).makeAsyncIterator()
            #expect(try await iterator.next() == Array("\n".utf8))
            let job = try #require(try await service.database.claimJob(lasting: 60))
            try log(job, service).info("begins")
            #expect(try await iterator.next()?.count ?? 0 > 1)
            #expect(try await iterator.next() == Array("\n".utf8))
            #expect(try await iterator.next() == Array("\n".utf8))
            #expect(try await service.database.finish(job) { $0.state = .failed })
            #expect(try await iterator.next() == nil)
        }
    }

    @Test func followingGoesOnThroughFurtherAttempts() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let first = try #require(try await service.database.claimJob(lasting: -1))
            try log(first, service).info("attempt one")
            async let all = text(follow(service))
            let second = try #require(try await service.database.claimJob(lasting: 60))
            try log(second, service).info("attempt two")
            _ = try await service.update(.sample())
            try await service.database.release(second)
            let third = try #require(try await service.database.claimJob(lasting: 60))
            try log(third, service).info("attempt three")
            #expect(try await service.database.finish(third) { $0.state = .succeeded })
            #expect(try await all.hasSuffix("attempt three\n"))
            #expect(try await !text(service.log(of: "wine", follow: false)).contains("attempt two"))
        }
    }

    @Test func followingEndsWhenThePackagingIsDeletedOrMadeAnew() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let job = try #require(try await service.database.claimJob(lasting: 60))
            try log(job, service).info("begins")
            var iterator = follow(service).makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            try await service.deletePackaging("wine")
            _ = try await service.create(.sample())
            #expect(try await iterator.next() == nil)
        }
    }

    @Test func aJobThatHasNotStartedHasNoLog() async throws {
        try await withService { service in
            try await service.uploadSample()
            let missing = await refusal { _ = try await service.log(of: "wine", follow: true) }
            #expect(missing == ServiceError(.notFound, "entity \"wine\" is not found"))
            _ = try await service.create(.sample())
            let early = await refusal { _ = try await service.log(of: "wine", follow: false) }
            #expect(early == ServiceError(.invalid, "model packaging wine has not started yet"))
        }
    }

    @Test func followingStopsWithItsTask() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let reader = follow(service)
            let task = Task { for try await _ in reader {} }
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
