import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import Synchronization
import SystemPackage
import Testing
import TrainedModels
import Transfer

@testable import PackagerCore

/// Several images of one artifact, in one call of the corridor and in several at the same time.
@Suite(.timeLimit(.minutes(10))) struct TogetherTests {
    /// A wrapper of its own around the environment and model that all have.
    private struct WrappingIntegration: Integration {
        let id: String
        var refusesModels = false

        var definition: PackagingIntegration {
            PackagingIntegration(
                id: id,
                spec: .init(
                    entrypoint: "built-in",
                    defaultImage: "built-in",
                    schema: .init(targets: [], arguments: .init(properties: []))
                )
            )
        }

        struct Refusal: Error {}

        func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
            if refusesModels { throw Refusal() }
            return ImageRecipe(
                base: try ImageReference(parsing: "base:1"),
                layers: [
                    .generated(kind: "slow", parameters: "environment"),
                    .files(name: "wrapper", [.text("opt/wrapper", id)]),
                    .artifact(prefix: "model"),
                ],
                entrypoint: [id]
            )
        }
    }

    /// Counts how often it plans and makes its layer, and makes it when the gate opens.
    private struct SlowGenerator: LayerGenerator {
        let kind = "slow"
        let planned = Gate()
        let gate = Gate()

        func layers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger) async throws
            -> [LayerPlan]
        {
            await planned.count()
            return [
                LayerPlan(name: "environment", key: "environment") { [gate] in
                    await gate.pass()
                    return [LayerEntry(path: "opt/venv/x", kind: .bytes([1], executable: false))]
                }
            ]
        }
    }

    private actor Inspections: InspectionCache {
        private(set) var lookups = 0
        private(set) var records = 0

        func model(for artifact: Digest, fallbackName: String) -> TrainedModel? {
            lookups += 1
            return nil
        }

        func record(_ model: TrainedModel, for artifact: Digest, fallbackName: String) { records += 1 }
    }

    /// Keeps the lines of a log.
    private struct LinesHandler: LogHandler {
        final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }

        let lines = Lines()
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let name = metadata["integration"].map { "\($0): " } ?? ""
            lines.all.withLock { $0.append("\(name)\(event.message)") }
        }
    }

    private struct Setup {
        var service: PackagerService
        var packager: Packager
        var artifact: PackagingRequest.Artifact
        var generator: SlowGenerator
        var inspections: Inspections
        var work: FilePath

        func request(_ integration: WrappingIntegration) throws -> PackagingRequest {
            PackagingRequest(
                artifact: artifact,
                fallbackName: "wine",
                integration: integration,
                tag: try ImageReference(parsing: "wine:\(integration.id)")
            )
        }
    }

    private func withSetup(_ body: @Sendable (Setup) async throws -> Void) async throws {
        try await withService { service in
            let directory = service.configuration.directory
            try await makeBase(in: service.store)
            let archive = directory.path.appending("wine.tar")
            try await writeArtifact(to: archive)
            let generator = SlowGenerator()
            let inspections = Inspections()
            let assembler = ImageAssembler(
                store: service.store,
                index: service.layerIndex,
                generators: [generator],
                logger: quiet
            )
            let packager = Packager(
                assembler: assembler,
                inspections: inspections,
                locations: service.blobLocations,
                http: try HTTPClient(),
                work: directory.work,
                limits: service.configuration.limits
            )
            try await body(
                Setup(
                    service: service,
                    packager: packager,
                    artifact: .archive(archive, digest: nil),
                    generator: generator,
                    inspections: inspections,
                    work: directory.work
                )
            )
            #expect(try directory.work.entries().isEmpty)
        }
    }

    private func shared(_ packaged: PackagedImage) -> Set<Digest> {
        Set(packaged.image.layers.filter { $0.layer.name != "wrapper" }.map(\.layer.descriptor.digest))
    }

    @Test func imagesOfOneCallShareWhatTheyCan() async throws {
        try await withSetup { setup in
            await setup.generator.gate.open()
            let log = LinesHandler()
            let logger = Logger(label: "test") { _ in log }
            let ids = ["rest", "cli", "triton"]
            let packaged = try await setup.packager.package(
                ids.map { try setup.request(WrappingIntegration(id: $0)) },
                logger: logger
            )
            #expect(packaged.map(\.integration) == ids)
            #expect(packaged.map(\.reference.description) == ids.map { "wine:\($0)" })
            #expect(Set(packaged.map(\.digest)).count == 3)
            #expect(Set(packaged.map(shared)).count == 1)
            #expect(shared(packaged[0]).count == 2)
            for image in packaged {
                #expect(image.steps.map(\.name) == ["inspect", "resolve the base", "assemble", "push"])
                #expect(image.steps.allSatisfy { $0.state == .succeeded })
                #expect(image.steps.map { $0.bytes ?? 0 > 0 } == [true, false, true, true])
            }
            #expect(await setup.generator.gate.arrivals == 1)
            #expect(await setup.inspections.records == 1)
            #expect(try await setup.service.store.images().count == 4)
            let lines = log.lines.all.withLock(\.self)
            #expect(lines.count { $0.hasPrefix("unpacked ") } == 1)
            #expect(lines.contains { $0.hasPrefix("triton: assemble: 3 layers, ") })
            #expect(lines.contains { $0.hasPrefix("cli: push: 1 blob sent (") })
        }
    }

    @Test func oneImageIsTheSameAlone() async throws {
        try await withSetup { setup in
            await setup.generator.gate.open()
            let requests = try ["rest", "cli"].map { try setup.request(WrappingIntegration(id: $0)) }
            let together = try await setup.packager.package(requests, logger: quiet)
            let alone = try await setup.packager.package(requests[1], logger: quiet)
            #expect(alone.digest == together[1].digest)
            #expect(try await setup.packager.package([], logger: quiet).isEmpty)
        }
    }

    @Test func anIntegrationThatRefusesTheModelEndsAllBeforeAnythingIsMade() async throws {
        try await withSetup { setup in
            let requests = try [
                setup.request(WrappingIntegration(id: "rest")),
                setup.request(WrappingIntegration(id: "triton", refusesModels: true)),
            ]
            await #expect(throws: WrappingIntegration.Refusal.self) {
                try await setup.packager.package(requests, logger: quiet)
            }
            #expect(await setup.generator.planned.arrivals == 0)
            #expect(try await setup.service.store.images().count == 1)
        }
    }

    @Test func callsAtTheSameTimeShareAsWell() async throws {
        try await withSetup { setup in
            let requests = try ["rest", "cli", "triton"].map { try setup.request(WrappingIntegration(id: $0)) }
            let first = Task { try await setup.packager.package(requests[0], logger: quiet) }
            try await eventually("the environment is being made") { await setup.generator.gate.arrivals == 1 }
            let log = LinesHandler()
            let logger = Logger(label: "test") { _ in log }
            let others = requests.dropFirst().map { request in
                Task { try await setup.packager.package(request, logger: logger) }
            }
            try await eventually("the others know the model") {
                log.lines.all.withLock { lines in lines.count { $0.hasPrefix("resolve the base: ") } } == 2
            }
            #expect(await setup.inspections.lookups == 1)
            await setup.generator.gate.open()
            let digests = try await Set([shared(first.value), shared(others[0].value), shared(others[1].value)])
            #expect(digests.count == 1)
            #expect(await setup.generator.gate.arrivals == 1)
            #expect(await setup.inspections.lookups == 1)
        }
    }

    @Test func aCallThatIsCancelledLeavesTheOthersTheirFiles() async throws {
        try await withSetup { setup in
            let requests = try ["rest", "cli"].map { try setup.request(WrappingIntegration(id: $0)) }
            let first = Task { try await setup.packager.package(requests[0], logger: quiet) }
            try await eventually("the environment is being made") { await setup.generator.gate.arrivals == 1 }
            let log = LinesHandler()
            let logger = Logger(label: "test") { _ in log }
            let second = Task { try await setup.packager.package(requests[1], logger: logger) }
            try await eventually("the other one knows the model") {
                log.lines.all.withLock { lines in lines.contains { $0.hasPrefix("resolve the base: ") } }
            }
            first.cancel()
            await setup.generator.gate.open()
            _ = try? await first.value
            #expect(try await second.value.image.layers.count == 3)
        }
    }
}
