import JSON
import Testing

@testable import PackagerCore

/// What stays known of the runs of a packaging.
@Suite struct AttemptTests {
    private func endings(_ service: PackagerService) async throws -> [String] {
        try await service.attempts(of: "wine").map {
            "\($0.attempt) \($0.spec.arguments?["port"]?.integerValue ?? 0) \($0.status.state) \($0.status.reason ?? "")"
        }
    }

    @Test func everyRunIsKeptWithItsSpecAndItsEnd() async throws {
        try await withService { service in
            try await service.uploadSample()
            let database = service.database
            _ = try await service.create(.sample())
            #expect(try await endings(service) == [])
            let first = try #require(try await database.claimJob(lasting: 60))
            #expect(try await endings(service) == ["1 0 running "])
            #expect(
                try await database.finish(first) {
                    $0.state = .failed; $0.reason = "Failed"
                }
            )

            var changed = ModelPackaging.sample()
            changed.spec.arguments = ["port": 9]
            _ = try await service.update(changed)
            #expect(try await endings(service) == ["1 0 failed Failed"])
            let second = try #require(try await database.claimJob(lasting: 60))
            changed.spec.arguments = ["port": 10]
            _ = try await service.update(changed)
            #expect(try await endings(service).last == "2 9 failed Interrupted")
            #expect(try await database.finish(second) { $0.state = .succeeded } == false)

            let released = try #require(try await database.claimJob(lasting: 60))
            try await database.release(released)
            #expect(try await endings(service).last == "3 10 failed Interrupted")
            #expect(try await service.packaging("wine").status?.state == .scheduling)

            _ = try #require(try await database.claimJob(lasting: -1))
            #expect(try await endings(service).last == "4 10 running ")
            let last = try #require(try await database.claimJob(lasting: 60))
            #expect(
                try await database.finish(last) {
                    $0.state = .succeeded; $0.reason = "Succeeded"
                }
            )
            #expect(
                try await endings(service) == [
                    "1 0 failed Failed", "2 9 failed Interrupted", "3 10 failed Interrupted",
                    "4 10 failed Interrupted", "5 10 succeeded Succeeded",
                ]
            )
            _ = try await service.setResults([.init(name: "image", value: "wine:1")], of: "wine")
            #expect(try await service.attempts(of: "wine").last?.status.results?.first?.value == "wine:1")

            try await service.deletePackaging("wine")
            #expect(await refusal { _ = try await service.attempts(of: "wine") }?.kind == .notFound)
            _ = try await service.create(.sample())
            #expect(try await endings(service) == [])
        }
    }

    @Test func cancellingTakesTheJobAndSaysSo() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let waiting = try await service.cancelPackaging("wine")
            #expect(waiting.status?.state == .failed && waiting.status?.reason == "Cancelled")
            #expect(try await service.database.claimJob(lasting: 60) == nil)
            let again = await refusal { _ = try await service.cancelPackaging("wine") }
            #expect(again == ServiceError(.conflict, #"model packaging "wine" has ended already: it failed"#))
            #expect(await refusal { _ = try await service.cancelPackaging("beer") }?.kind == .notFound)

            _ = try await service.update(.sample())
            let job = try #require(try await service.database.claimJob(lasting: 60))
            _ = try await service.cancelPackaging("wine")
            #expect(try await service.database.leaseState(of: job) == .cancelled)
            #expect(try await service.database.finish(job) { $0.state = .succeeded } == false)
            #expect(try await service.packaging("wine").status?.reason == "Cancelled")
            #expect(try await endings(service) == ["1 0 failed Cancelled"])
        }
    }

    @Test func aChangeIsWaitedForAndTold() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let other = try await service.reopened()
            async let waited = service.packaging("wine", waiting: .seconds(50))
            async let told = service.events(of: "wine").reduce(into: [PackagingEvent]()) { $0.append($1) }
            try await Task.sleep(for: .milliseconds(50))
            let job = try #require(try await other.database.claimJob(lasting: 60))
            let state = try await waited.status?.state
            #expect(state == .running)
            // The events may miss a state that lasts less than a look apart.
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await other.database.finish(job) { $0.state = .succeeded })
            let states = try await told.compactMap { event in
                if case .status(let status) = event { status.state } else { nil }
            }
            #expect(states == [.scheduling, .running, .succeeded])
            #expect(try await service.packaging("wine", waiting: .seconds(600)).status?.state == .succeeded)

            async let end = service.events(of: "wine").reduce(into: [PackagingEvent]()) { $0.append($1) }
            let count = try await end.count
            #expect(count == 1)
            try other.close()
        }
    }

    @Test func theTimeIsOverOneDay() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            #expect(try await service.packaging("wine", waiting: .milliseconds(20)).status?.state == .scheduling)
            var sequence = try await service.events(of: "wine")
            sequence.silence = .milliseconds(20)
            var events = sequence.makeAsyncIterator()
            _ = try await events.next()
            #expect(try await events.next() == .silence)
            try await service.deletePackaging("wine")
            var rest: [PackagingEvent] = []
            while let event = try await events.next() { if event != .silence { rest.append(event) } }
            #expect(rest == [.deleted])
        }
    }

    @Test func aRequestThatIsSentAgainMakesNothingNew() async throws {
        try await withService { service in
            try await service.uploadSample()
            let first = try await service.create(.sample(), key: "a")
            let job = try #require(try await service.database.claimJob(lasting: 60))
            let again = try await service.create(.sample(), key: "a")
            #expect(again.createdAt == first.createdAt && again.status?.state == .running)
            #expect(try await service.database.finish(job) { $0.state = .succeeded })
            #expect(try await service.database.claimJob(lasting: 60) == nil)

            let other = await refusal { _ = try await service.create(.sample("beer"), key: "a") }
            #expect(other?.kind == .contradiction)
            #expect(await refusal { _ = try await service.create(.sample(), key: "b") }?.kind == .conflict)
            // With the packaging goes the key.
            try await service.deletePackaging("wine")
            _ = try await service.create(.sample("beer"), key: "a")
        }
    }

    @Test func nobodyReplacesWhatTheyHaveNotRead() async throws {
        try await withService { service in
            try await service.uploadSample()
            let created = try await service.create(.sample())
            let version = ExpectedVersion.name(updatedAt: try #require(created.updatedAt))
            _ = try #require(try await service.database.claimJob(lasting: 60))
            try await Task.sleep(for: .milliseconds(2))
            let updated = try await service.update(.sample(), expecting: .oneOf(["x", version]))
            let stale = await refusal { _ = try await service.update(.sample(), expecting: .oneOf([version])) }
            #expect(stale?.kind == .preconditionFailed)
            #expect(try await service.packaging("wine").updatedAt == updated.updatedAt)
            _ = try await service.update(.sample(), expecting: .any)
            let missing = await refusal { _ = try await service.update(.sample("beer"), expecting: .any) }
            #expect(missing?.kind == .preconditionFailed)
        }
    }
}
