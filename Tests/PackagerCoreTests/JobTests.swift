import FileSystem
import GRDB
import JSON
import Synchronization
import Testing

@testable import PackagerCore

@Suite struct JobTests {
    @Test func twoProcessesRunEachJobOnce() async throws {
        try await withService { service in
            try await service.uploadSample()
            let ids = (0..<20).map { "wine-\($0)" }
            for id in ids { _ = try await service.create(.sample(id)) }
            let other = try await service.reopened()
            let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
                for claimant in [service, other, service, other] {
                    group.addTask {
                        var mine: [String] = []
                        while let job = try await claimant.database.claimJob(lasting: 60) {
                            mine.append(job.packaging.id)
                            #expect(job.attempt == 1)
                            #expect(try await claimant.database.finish(job) { $0.state = .succeeded })
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.sorted() == ids.sorted())
            let packagings = try await other.packagings()
            #expect(packagings.allSatisfy { $0.status?.state == .succeeded && $0.status?.finishedAt != nil })
            try other.close()
        }
    }

    @Test func aLostLeaseRunsAgainAndTheFirstWorkersResultIsDropped() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let first = try #require(try await service.database.claimJob(lasting: -1))
            let second = try #require(try await service.database.claimJob(lasting: 60))
            #expect(first.id == second.id && second.attempt == 2)
            #expect(try await service.database.leaseState(of: first) == .lost)
            #expect(try await service.database.renewLease(of: first, lasting: 60) == .lost)
            #expect(try await service.database.finish(first) { $0.state = .failed } == false)
            try await service.database.release(first)
            #expect(try await service.packaging("wine").status?.state == .running)
            #expect(try await service.database.renewLease(of: second, lasting: 60) == .held)
            #expect(try await service.database.claimJob(lasting: 60) == nil)
            #expect(try await service.database.finish(second) { $0.state = .succeeded })
            #expect(try await service.packaging("wine").status?.attempt == 2)
        }
    }

    @Test func aJobThatKillsItsWorkersIsGivenUp() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            for attempt in 1...3 {
                #expect(try await service.database.claimJob(lasting: -1)?.attempt == attempt)
            }
            #expect(try await service.database.claimJob(lasting: 60) == nil)
            let status = try await service.packaging("wine").status
            #expect(status?.state == .failed)
            #expect(status?.message?.contains("died 3 times") == true)
            // Started again, it has its three attempts again.
            _ = try await service.update(.sample())
            #expect(try await service.database.claimJob(lasting: -1)?.attempt == 4)
            #expect(try await service.database.claimJob(lasting: 60)?.attempt == 5)
        }
    }

    @Test func aReleasedJobIsNotCountedAsLost() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            for _ in 0..<5 {
                let job = try #require(try await service.database.claimJob(lasting: 60))
                try await service.database.release(job)
                #expect(try await service.packaging("wine").status?.state == .scheduling)
            }
        }
    }

    @Test func aReplacedPackagingWaitsUntilItsRunningJobHasStopped() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let old = try #require(try await service.database.claimJob(lasting: 60))
            var changed = ModelPackaging.sample()
            changed.spec.arguments = ["port": 9]
            #expect(try await service.update(changed).status?.state == .unknown)
            #expect(try await service.packaging("wine").status?.state == .scheduling)
            #expect(try await service.database.leaseState(of: old) == .cancelled)
            #expect(try await service.database.claimJob(lasting: 60) == nil)
            #expect(try await service.database.finish(old) { $0.state = .succeeded } == false)
            let new = try #require(try await service.database.claimJob(lasting: 60))
            #expect(new.packaging.spec.arguments == ["port": 9] && new.attempt == 2)
        }
    }

    @Test func aCancelledJobWhoseWorkerDiedDoesNotBlockTheNext() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            #expect(try await service.database.claimJob(lasting: 0.2) != nil)
            try await service.deletePackaging("wine")
            _ = try await service.create(.sample())
            try await eventually("the new packaging is claimed") {
                try await service.database.claimJob(lasting: 60)?.attempt == 1
            }
            let jobs = try await service.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") }
            #expect(jobs == 1)
        }
    }

    @Test func aChangedOrDeletedPackagingLeavesNoWaitingJob() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            for _ in 0..<3 { _ = try await service.update(.sample()) }
            let count: @Sendable (Database) throws -> Int? = { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") }
            #expect(try await service.database.read(count) == 1)
            try await service.deletePackaging("wine")
            #expect(try await service.database.read(count) == 0)
            let gone = await refusal { _ = try await service.packaging("wine") }
            #expect(gone == ServiceError(.notFound, "entity \"wine\" is not found"))
        }
    }

    @Test func pagesAndFiltersAreOrderedByID() async throws {
        try await withService { service in
            try await service.uploadSample()
            for id in ["c", "a", "b"] { _ = try await service.create(.sample(id)) }
            #expect(try await service.packagings().map(\.id) == ["a", "b", "c"])
            #expect(try await service.packagings(Page(size: 2, index: 1)).map(\.id) == ["c"])
            #expect(try await service.packagings(Page(size: .max, index: .max)).isEmpty)
            #expect(try await service.packagings(integrations: ["docker-cli"]).isEmpty)
            #expect(try await service.packagings(integrations: ["docker-cli", "*"]).count == 3)
            #expect(try await service.packagings(integrations: ["docker-rest"]).count == 3)
        }
    }
}
