import FileSystem
import GRDB
import ImageAssembler
import OCI
import SystemPackage
import Testing

@testable import PackagerCore

/// What is known of a run while it goes on, and kept of it.
@Suite struct ProgressTests {
    private static func layer(
        _ name: String,
        push: ImagePusher.Report.Outcome? = nil,
        in store: OCILayout
    ) -> Image.LayerRow {
        let digest = Digest.sha256(of: name.utf8)
        let descriptor = Descriptor(mediaType: .ociLayerGzip, digest: digest, size: 7)
        return Image.LayerRow(
            layer: Layer(name: name, descriptor: descriptor, diffID: digest),
            provenance: .built,
            source: store.wholeRepository,
            seconds: 0
        )
    }

    private static func run(_ service: PackagerService, _ runner: ScriptedRunner) async throws {
        try await Worker(service, runner: runner, logger: quiet).run(only: "wine")
    }

    private static func names(_ steps: [PackagingStep]?) -> [String] {
        (steps ?? []).map { "\($0.name) \($0.state) \($0.bytes.map { "\($0)" } ?? "-")" }
    }

    @Test func stepsAreInTheStatusWhileTheJobRunsAndAfterwards() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let gate = Gate()
            let runner = ScriptedRunner(telling: { progress in
                progress.begin("inspect")
                progress.end(bytes: 12)
                progress.begin("assemble")
                progress.add(Self.layer("a", in: service.store))
                await gate.pass()
                progress.end()
                return []
            })
            async let ran: Void = Self.run(service, runner)
            try await eventually("the layer is known") {
                try await Self.names(service.packaging("wine").status?.steps)
                    == ["inspect succeeded 12", "assemble running 7"]
            }
            #expect(try await service.attempts(of: "wine").last?.layers?.map(\.name) == ["a"])
            await gate.open()
            try await ran
            let status = try #require(try await service.packaging("wine").status)
            #expect(Self.names(status.steps) == ["inspect succeeded 12", "assemble succeeded 7"])
            #expect(status.state == .succeeded && status.steps?.last?.seconds ?? 0 > 0)
        }
    }

    @Test func aStepThatWasNotFinishedFailedAndEachAttemptKeepsItsOwn() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            struct Trouble: Error {}
            try await Self.run(
                service,
                ScriptedRunner(telling: { progress in
                    progress.begin("inspect")
                    throw Trouble()
                })
            )
            #expect(try await Self.names(service.packaging("wine").status?.steps) == ["inspect failed -"])

            _ = try await service.update(.sample())
            #expect(try await service.packaging("wine").status?.steps == nil)
            try await Self.run(
                service,
                ScriptedRunner(telling: { progress in
                    progress.begin("push")
                    return []
                })
            )
            let attempts = try await service.attempts(of: "wine")
            #expect(attempts.map { Self.names($0.status.steps) } == [["inspect failed -"], ["push succeeded -"]])
            #expect(attempts.map(\.layers) == [[], []] && attempts[0].traffic == PackagingTraffic())
        }
    }

    /// The worker that was cancelled, or lost its lease, has nothing more to say.
    @Test func onlyTheHolderOfTheLeaseWrites() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let lost = try #require(try await service.database.claimJob(lasting: -1))
            let job = try #require(try await service.database.claimJob(lasting: 60))
            let progress = PackagingProgress()
            progress.begin("inspect")
            try await service.database.record(progress.snapshot, of: lost)
            #expect(try await service.packaging("wine").status?.steps == nil)
            try await service.database.record(progress.snapshot, of: job)
            #expect(try await Self.names(service.packaging("wine").status?.steps) == ["inspect running -"])
            let cancelled = try await service.cancelPackaging("wine")
            #expect(Self.names(cancelled.status?.steps) == ["inspect failed -"])
            progress.end()
            try await service.database.record(progress.snapshot, of: job)
            #expect(try await Self.names(service.packaging("wine").status?.steps) == ["inspect failed -"])
        }
    }

    @Test func whoWatchesIsToldEachStepAndLayer() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let other = try await service.reopened()
            async let told = other.events(of: "wine").reduce(into: [PackagingEvent]()) { $0.append($1) }
            let runner = ScriptedRunner(telling: { progress in
                progress.begin("inspect")
                progress.end(bytes: 12)
                progress.begin("assemble")
                let row = Self.layer("a", in: service.store)
                progress.add(row)
                // Longer than the other process looks away.
                try await Task.sleep(for: .milliseconds(800))
                progress.end()
                progress.begin("push")
                let blob = ImagePusher.Report.Blob(
                    digest: row.layer.descriptor.digest,
                    size: 7,
                    outcome: .mounted
                )
                progress.set(ImagePusher.Report(blobs: [blob], seconds: 0))
                progress.end(bytes: 0)
                return []
            })
            try await Task.sleep(for: .milliseconds(300))
            try await Self.run(service, runner)
            let events = try await told.map { event -> String in
                switch event {
                case .status(let status): "\(status.state)"
                case .step(let step): "\(step.name) \(step.state) \(step.bytes.map { "\($0)" } ?? "-")"
                case .layer(let layer): "\(layer.name) \(layer.from) \(layer.push.map { "\($0)" } ?? "-")"
                case .traffic: "bytes"
                case .deleted, .silence: "\(event)"
                }
            }
            #expect(
                events == [
                    "scheduling", "running", "inspect running -", "inspect succeeded 12", "assemble running -",
                    "assemble running 7", "a built -", "assemble succeeded 7", "push running -", "push succeeded 0",
                    "a built mounted", "succeeded",
                ]
            )
            try other.close()
        }
    }

    @Test func anotherAttemptBeginsWithNothing() {
        var status = ModelPackaging.Status(state: .running)
        status.attempt = 1
        status.steps = [PackagingStep(name: "inspect", state: .succeeded, seconds: 1, bytes: 5)]
        let first = PackagingView(status: status, traffic: PackagingTraffic(received: 9))
        status.attempt = 2
        let second = PackagingView(status: status)
        let begun = PackagingEvent.step(PackagingStep(name: "inspect"))
        let ended = PackagingEvent.step(PackagingStep(name: "inspect", state: .succeeded, seconds: 1, bytes: 5))
        #expect(second.events(since: first) == [.status(status), begun, ended])
        #expect(second.events(since: second).isEmpty)
        status.steps?[0].seconds = 2
        #expect(PackagingView(status: status).events(since: second).isEmpty)
        status.state = .failed
        status.steps?[0].state = .failed
        let last = PackagingView(status: status)
        #expect(last.events(since: second) == [.step(status.steps?[0] ?? .init(name: "")), .status(status)])
        #expect(last.events(since: nil) == [.status(status)])
    }

    /// The schema of the version before attempts kept their layers, with a run in it.
    @Test func databasesOfEarlierVersionsGoOn() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
            let state = StateDirectory(directory)
            let spec = #"{"artifactName":"wine.zip","integrationName":"docker-rest"}"#
            let status = #"{"attempt":1,"reason":"Succeeded","state":"succeeded"}"#
            let queue = try DatabaseQueue(path: state.database.string)
            try await queue.write { database in
                for step in Migration.steps.prefix(2) { try database.execute(sql: step) }
                try database.execute(sql: "PRAGMA user_version = 2")
                try database.execute(
                    sql: "INSERT INTO packaging VALUES (1, 'wine', '', '', 'docker-rest', 'wine.zip', ?, ?, 1)",
                    arguments: [spec, status]
                )
                try database.execute(sql: "INSERT INTO attempt VALUES (1, 1, ?, ?)", arguments: [spec, status])
            }
            try queue.close()
            let database = try await PackagerDatabase(in: state)
            let attempts = try #require(try await database.attempts(of: "wine"))
            #expect(attempts.map(\.status.state) == [.succeeded] && attempts[0].layers == nil)
            #expect(try await database.view(of: "wine")?.layers == [])
            try database.close()
        }
    }
}
