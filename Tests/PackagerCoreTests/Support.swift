import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import SystemPackage
import Testing
import TrainedModels

@testable import PackagerCore

/// A service on a data directory of its own, gone after the test.
func withService<Value>(
    integrations: [any Integration] = [SampleIntegration()],
    configure: (inout PackagerConfiguration) -> Void = { _ in },
    _ body: (PackagerService) async throws -> Value
) async throws -> Value {
    try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
        var configuration = PackagerConfiguration(data: directory)
        // The machine may be busy.
        configuration.inspectionSeconds = 60
        configure(&configuration)
        let service = try await PackagerService(configuration, integrations: integrations)
        let value = try await body(service)
        try service.close()
        return value
    }
}

extension PackagerService {
    /// The same data directory, opened as another process would.
    func reopened() async throws -> PackagerService {
        try await PackagerService(configuration, integrations: [SampleIntegration()])
    }

    /// Uploads the artifact that ``ModelPackaging/sample(_:)`` names.
    func uploadSample() async throws {
        _ = try await artifacts.put("wine.zip", chunks([Array("a model".utf8)]))
    }
}

struct SampleIntegration: Integration {
    let definition = PackagingIntegration(
        id: "docker-rest",
        spec: PackagingIntegration.Spec(
            entrypoint: "/usr/local/bin/odahu-flow-pack-to-flask",
            defaultImage: "packager",
            schema: PackagingIntegration.Schema(
                targets: [
                    .init(name: "docker-push", connectionTypes: ["docker", "file"], default: "store", required: true),
                    .init(name: "docker-pull", connectionTypes: ["docker"], default: "", required: false),
                ],
                arguments: PackagingIntegration.ArgumentSchema(properties: [
                    PackagingIntegration.Property("port", ["type": "integer", "default": 5000, "minimum": 1]),
                    PackagingIntegration.Property("imageName", ["type": "string"]),
                ])
            )
        )
    )

    func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        ImageRecipe(base: try ImageReference(parsing: "base:1"), layers: [], entrypoint: [])
    }
}

extension ModelPackaging {
    static func sample(_ id: String = "wine") -> ModelPackaging {
        ModelPackaging(id: id, spec: Spec(artifactName: "wine.zip", integrationName: "docker-rest"))
    }
}

/// Does what the test says in place of packaging.
struct ScriptedRunner: PackagingRunner {
    typealias Results = [ModelPackaging.Result]

    private let work: @Sendable (ModelPackaging, JobLog, PackagingProgress) async throws -> Results

    init(_ work: @escaping @Sendable (ModelPackaging, JobLog) async throws -> Results) {
        self.work = { packaging, log, _ in try await work(packaging, log) }
    }

    init(telling work: @escaping @Sendable (PackagingProgress) async throws -> Results) {
        self.work = { _, _, progress in try await work(progress) }
    }

    func run(_ packaging: ModelPackaging, log: JobLog, progress: PackagingProgress) async throws -> Results {
        try await work(packaging, log, progress)
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func chunks(_ chunks: [[UInt8]]) -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
        for chunk in chunks { continuation.yield(chunk) }
        continuation.finish()
    }
}

/// Waits until something holds, and fails the test when it does not within a minute.
func eventually(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// The message of the service error that the work throws, and its kind.
func refusal(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Void
) async -> ServiceError? {
    await #expect(throws: ServiceError.self, sourceLocation: sourceLocation) { try await work() }
}

/// A gate that work waits at until the test opens it.
actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private(set) var arrivals = 0

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Waits, whatever happens to the task.
    func pass() async {
        arrivals += 1
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    func count() { arrivals += 1 }
}
