import Archive
import FileSystem
import Logging
import ServiceLifecycle
import Synchronization
import SystemPackage
import TrainedModels

/// Finds out what artifacts hold without anybody waiting for it: at once where that is quick, and otherwise one after the
/// other while this service runs.
package final class ArtifactInspector: Service {
    /// What is remembered of artifacts that the database has nothing about, and how many may wait.
    private static let capacity = 64

    private struct Key: Hashable {
        var path: FilePath
        var state: FileIdentity
    }

    private struct State {
        var waiting: [(key: Key, info: ArtifactInfo)] = []
        var results: [Key: ArtifactInspection] = [:]
    }

    private let artifacts: ArtifactStore
    private let quick: QuickInspection
    private let limits: ArchiveLimits
    /// How long an answer waits.
    private let patience: Duration
    private let state = Mutex(State())
    private let signal = ChangeSignal()

    init(artifacts: ArtifactStore, quick: QuickInspection, _ configuration: PackagerConfiguration) {
        self.artifacts = artifacts
        self.quick = quick
        limits = configuration.limits
        patience = .seconds(configuration.inspectionSeconds)
    }

    /// What a version holds, as far as that is known in the time that an answer may take.
    package func inspection(of info: ArtifactInfo) async throws -> ArtifactInspection {
        if let model = info.model { return .found(model) }
        guard let identity = try? await blocking({ try FileIdentity(of: info.path) }) else { return .pending }
        let key = Key(path: info.path, state: identity)
        if let known = state.withLock({ $0.results[key] }) { return known }
        do {
            guard let model = try await quickly(info) else {
                enqueue(key, info)
                return .pending
            }
            try await note(model, of: info)
            return .found(model)
        } catch let error as ModelError {
            return remember(.none("\(error)"), for: key)
        }
    }

    /// Looks at what waits, until the server stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                let seen = signal.count
                while let (key, info) = state.withLock({ $0.waiting.first }), !Task.isCancelled {
                    await inspect(key, info)
                    state.withLock { state in state.waiting.removeAll { $0.key == key } }
                }
                await signal.wait(after: seen, timeout: .seconds(3600))
            }
        }
    }

    private func quickly(_ info: ArtifactInfo) async throws -> TrainedModel? {
        try await withThrowingTaskGroup(of: TrainedModel?.self) { [quick, patience] group in
            group.addTask { try await quick.model(in: info.source, fallbackName: info.fallbackName) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func enqueue(_ key: Key, _ info: ArtifactInfo) {
        state.withLock { state in
            guard state.waiting.count < Self.capacity, !state.waiting.contains(where: { $0.key == key }) else { return }
            state.waiting.append((key, info))
        }
        signal.raise()
    }

    /// Looks at an artifact of any size, within the limits of packaging.
    private func inspect(_ key: Key, _ info: ArtifactInfo) async {
        do {
            let info = try await artifacts.hashed(info)
            let model = try await withTemporaryDirectory(in: quick.work, prefix: "inspect") { [limits] scratch in
                let silent = Logger(label: "inspection") { _ in SwiftLogNoOpLogHandler() }
                return try await ArtifactWorkspace(info.source, in: scratch, limits: limits, logger: silent)
                    .model(fallbackName: info.fallbackName, knownTo: quick.inspections)
            }
            try await note(model, of: info)
            remember(.found(model), for: key)
        } catch is CancellationError {
        } catch {
            remember(.none("\(error)"), for: key)
        }
    }

    private func note(_ model: TrainedModel, of info: ArtifactInfo) async throws {
        if info.kind != model.kindName { try await artifacts.record(kind: model.kindName, of: info) }
    }

    @discardableResult
    private func remember(_ result: ArtifactInspection, for key: Key) -> ArtifactInspection {
        state.withLock { state in
            if state.results.count >= Self.capacity { state.results = [:] }
            state.results[key] = result
        }
        return result
    }
}

extension ArtifactInfo {
    /// As the corridor takes it.
    var source: PackagingRequest.Artifact { isDirectory ? .directory(path) : .archive(path, digest: digest) }
}
