import FileSystem
import GRDB
import JSON
import Logging
import ServiceLifecycle
import SystemPackage
import Testing

@testable import PackagerCore

@Suite struct WorkerTests {
    /// Runs a worker beside the body, and shuts it down gracefully after it.
    private func withWorker(
        _ service: PackagerService,
        _ runner: ScriptedRunner,
        _ body: @Sendable (ServiceGroup) async throws -> Void
    ) async throws {
        let worker = Worker(service, runner: runner, logger: quiet)
        let group = ServiceGroup(services: [worker], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do { try await body(group) } catch {
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func state(_ service: PackagerService, _ id: String = "wine") async throws -> ModelPackaging.State? {
        try await service.packaging(id).status?.state
    }

    @Test func resultsAndFailuresReachTheStatus() async throws {
        try await withService { service in
            try await service.uploadSample()
            let runner = ScriptedRunner { packaging, log in
                log.info("step one")
                if packaging.id == "bad" { throw ServiceError(.invalid, "the model has no name") }
                return [.init(name: "image", value: "wine:1")]
            }
            try await withWorker(service, runner) { _ in
                _ = try await service.create(.sample())
                _ = try await service.create(.sample("bad"))
                try await eventually("both end") {
                    let good = try await state(service)
                    let bad = try await state(service, "bad")
                    return good == .succeeded && bad == .failed
                }
            }
            let good = try #require(try await service.packaging("wine").status)
            #expect(good.results == [.init(name: "image", value: "wine:1")] && good.attempt == 1)
            #expect(good.startedAt != nil && good.finishedAt != nil && good.message == nil)
            let bad = try #require(try await service.packaging("bad").status)
            #expect(bad.message == "the model has no name" && bad.results == nil)
        }
    }

    @Test func aJobOfAnotherProcessIsFound() async throws {
        try await withService { service in
            try await service.uploadSample()
            let other = try await service.reopened()
            try await withWorker(service, ScriptedRunner { _, _ in [] }) { _ in
                _ = try await other.create(.sample())
                try await eventually("the job runs") { try await state(other) == .succeeded }
            }
            try other.close()
        }
    }

    @Test(arguments: [true, false])
    func deletingStopsTheRunningJob(fromAnotherProcess: Bool) async throws {
        try await withService { service in
            try await service.uploadSample()
            let other = try await service.reopened()
            let (started, stopped) = (Gate(), Gate())
            let runner = ScriptedRunner { _, _ in
                await started.count()
                do { try await Task.sleep(for: .seconds(600)) } catch {
                    await stopped.count()
                    throw error
                }
                return []
            }
            try await withWorker(service, runner) { _ in
                _ = try await service.create(.sample())
                try await eventually("the job runs") { await started.arrivals == 1 }
                try await (fromAnotherProcess ? other : service).deletePackaging("wine")
                try await eventually("the job is stopped") { await stopped.arrivals == 1 }
                #expect(!service.configuration.directory.logs.appending("wine").exists)
            }
            try other.close()
        }
    }

    @Test func aJobThatIsDeletedBeforeItsLogBeginsLeavesNothing() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let job = try #require(try await service.database.claimJob(lasting: 60))
            try await service.deletePackaging("wine")
            let runner = ScriptedRunner { _, _ in
                Issue.record("the job ran")
                return []
            }
            await Worker(service, runner: runner, logger: quiet).execute(job)
            #expect(!service.configuration.directory.logs.appending("wine").exists)
            _ = try await service.create(.sample())
            #expect(try await service.database.claimJob(lasting: 60) != nil, "the old lease is gone")
        }
    }

    @Test func replacingDuringARunRunsTheNewSpecAfterTheOldHasStopped() async throws {
        try await withService { service in
            try await service.uploadSample()
            let runner = ScriptedRunner { packaging, _ in
                if packaging.spec.arguments == nil { try await Task.sleep(for: .seconds(600)) }
                return [.init(name: "port", value: "\(packaging.spec.arguments?["port"]?.integerValue ?? 0)")]
            }
            try await withWorker(service, runner) { _ in
                _ = try await service.create(.sample())
                try await eventually("the job runs") { try await state(service) == .running }
                var changed = ModelPackaging.sample()
                changed.spec.arguments = ["port": 9]
                _ = try await service.update(changed)
                try await eventually("the new spec runs") { try await state(service) == .succeeded }
            }
            let status = try await service.packaging("wine").status
            #expect(status?.results == [.init(name: "port", value: "9")] && status?.attempt == 2)
        }
    }

    @Test func shutdownLetsARunningJobEndAndClaimsNoOther() async throws {
        try await withService(configure: {
            $0.workers = 1; $0.graceSeconds = 60
        }) { service in
            try await service.uploadSample()
            let gate = Gate()
            let runner = ScriptedRunner { _, _ in
                await gate.pass()
                return []
            }
            try await withWorker(service, runner) { group in
                _ = try await service.create(.sample("a"))
                _ = try await service.create(.sample("b"))
                try await eventually("the first runs") { await gate.arrivals == 1 }
                await group.triggerGracefulShutdown()
                await gate.open()
            }
            #expect(try await state(service, "a") == .succeeded)
            #expect(try await state(service, "b") == .scheduling)
            #expect(await gate.arrivals == 1)
        }
    }

    @Test func shutdownPutsAJobBackThatOutlastsTheGracePeriod() async throws {
        try await withService(configure: { $0.graceSeconds = 0.2 }) { service in
            try await service.uploadSample()
            let runner = ScriptedRunner { _, _ in
                try await Task.sleep(for: .seconds(600))
                return []
            }
            try await withWorker(service, runner) { _ in
                _ = try await service.create(.sample())
                try await eventually("the job runs") { try await state(service) == .running }
            }
            #expect(try await state(service) == .scheduling)
            try await withWorker(service, ScriptedRunner { _, _ in [] }) { _ in
                try await eventually("the job runs again") { try await state(service) == .succeeded }
            }
            #expect(try await service.packaging("wine").status?.attempt == 2)
        }
    }

    @Test func longJobsKeepTheirLease() async throws {
        try await withService(configure: { $0.leaseSeconds = 6 }) { service in
            try await service.uploadSample()
            let gate = Gate()
            let runner = ScriptedRunner { _, _ in
                await gate.pass()
                return []
            }
            @Sendable func expiry() async throws -> Int? {
                try await service.database.read { try Int.fetchOne($0, sql: "SELECT expires FROM job") }
            }
            try await withWorker(service, runner) { _ in
                _ = try await service.create(.sample())
                try await eventually("the job runs") { await gate.arrivals == 1 }
                let first = try #require(await expiry())
                try await eventually("the lease is renewed") { try await expiry() ?? 0 > first }
                await gate.open()
                try await eventually("the job ends") { try await state(service) == .succeeded }
            }
            #expect(await gate.arrivals == 1)
        }
    }

    @Test func noMoreJobsRunAtOnceThanConfigured() async throws {
        try await withService(configure: { $0.workers = 2 }) { service in
            try await service.uploadSample()
            let gate = Gate()
            let runner = ScriptedRunner { _, _ in
                await gate.pass()
                return []
            }
            try await withWorker(service, runner) { _ in
                for id in ["a", "b", "c"] { _ = try await service.create(.sample(id)) }
                try await eventually("two run") { await gate.arrivals == 2 }
                try await Task.sleep(for: .milliseconds(700))
                #expect(await gate.arrivals == 2)
                await gate.open()
                try await eventually("all have run") { try await state(service, "c") == .succeeded }
            }
        }
    }

    @Test func onePackagingRunsInThisProcess() async throws {
        try await withService { service in
            try await service.uploadSample()
            for id in ["a", "b"] { _ = try await service.create(.sample(id)) }
            try await Worker(service, runner: ScriptedRunner { _, _ in [] }, logger: quiet).run(only: "b")
            #expect(try await state(service, "a") == .scheduling)
            #expect(try await state(service, "b") == .succeeded)
        }
    }
}
