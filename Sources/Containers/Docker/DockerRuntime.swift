import Archive
package import DockerEngine
import FileSystem
import OCI
package import SystemPackage

/// Runs containers in a Docker engine, on this machine or another: what they work with is copied in, not mounted.
package struct DockerRuntime: ContainerRuntime {
    private let engine: DockerEngine
    private let network: String?
    private let instance: String
    private let work: FilePath

    /// - Parameters:
    ///   - network: of the containers; nil for the engine's default.
    ///   - instance: tells the containers of this installation from those of others on the same engine.
    ///   - work: a directory for scratch space.
    package init(_ engine: DockerEngine, network: String?, instance: String, work: FilePath) {
        self.engine = engine
        self.network = network
        self.instance = instance
        self.work = work
    }

    package func run(
        _ task: ContainerTask,
        report: @escaping @Sendable (ContainerReport) -> Void
    ) async throws -> ContainerOutcome {
        let session = try await engine.connect()
        try await removeLeftovers(of: task.owner, in: session, report)
        // A name of its own: the container can be removed also when the engine's answer never came.
        let name = "packager-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let loaded = "packager-image:\(name)"
        do {
            let image = try await image(of: task, loading: loaded, into: session, report)
            let outcome = try await run(name, of: image, task, in: session, report)
            await remove(name, loaded, from: session, report)
            return outcome
        } catch {
            await remove(name, loaded, from: session, report)
            throw error
        }
    }

    private func run(
        _ name: String,
        of image: EngineImage,
        _ task: ContainerTask,
        in session: EngineSession,
        _ report: @escaping @Sendable (ContainerReport) -> Void
    ) async throws -> ContainerOutcome {
        for warning in try await session.createContainer(name, request(for: task, image)) {
            report(.warning("the Docker engine: \(warning)"))
        }
        let user = try await user(of: image, in: name, session)
        let directory = task.workingDirectory
        let workspace = DirectoryTar.Part(task.workspace, below: String(directory.drop { $0 == "/" }))
        let owner = TarWriter.Owner(user: Int64(user.user), group: Int64(user.group))
        let attributes = DirectoryTar.Attributes(owner: owner, keepsModes: true)
        try await session.unpack(DirectoryTar([workspace], attributes: attributes), into: name, at: "/")
        report(.progress("the Docker engine at \(engine.address) runs \(task.image.reference) as container \(name)"))
        try await session.startContainer(name)
        async let log: Void = session.followLog(of: name) { report(.output($0)) }
        let state = try await session.waitForContainer(name)
        try await log
        return ContainerOutcome(
            exitCode: state.exitCode,
            isOutOfMemory: state.isOutOfMemory,
            result: try await session.file(
                "\(directory)/\(task.resultFile)",
                of: name,
                limit: ContainerTask.resultLimit
            )
        )
    }

    private func request(for task: ContainerTask, _ image: EngineImage) -> ContainerRequest {
        var request = ContainerRequest(
            image: image.id,
            entrypoint: Array(task.command.prefix(1)),
            arguments: Array(task.command.dropFirst()),
            workingDirectory: task.workingDirectory
        )
        request.labels = labels(of: task.owner)
        request.network = network
        request.isPrivileged = task.isPrivileged
        request.capabilities = Capabilities.usual
        request.resources.memory = task.limits.memory
        request.resources.memoryReservation = task.limits.memoryRequest
        request.resources.cpuQuota = task.limits.cpuQuota
        request.resources.cpuShares = task.limits.cpuShares
        request.resources.gpus = task.limits.gpus
        request.resources.pids = ContainerLimits.processes
        return request
    }

    /// The image in the engine: loaded from the store, pulled where the engine does not have it, or the one it has.
    private func image(
        of task: ContainerTask,
        loading name: String,
        into session: EngineSession,
        _ report: @escaping @Sendable (ContainerReport) -> Void
    ) async throws -> EngineImage {
        let wanted = task.image
        if wanted.isStored {
            let image = try await wanted.resolve()
            try await withTemporaryDirectory(in: work, prefix: "load") { directory in
                try await session.load(image, as: ImageReference(parsing: name), scratch: directory)
            }
            return try await existing(name, in: session)
        }
        let reference = wanted.reference
        let known = try await session.image("\(reference)")
        if let known, !wanted.mayHaveChanged { return known }
        do {
            let selector = "\(reference.selector)"
            try await session.pull(reference.name, selector, credential: wanted.credential) { report(.progress($0)) }
        } catch let error as EngineError {
            guard let known else { throw error }
            report(.warning("\(error); the \(reference) that the engine has is taken"))
            return known
        }
        return try await existing("\(reference)", in: session)
    }

    private func existing(_ name: String, in session: EngineSession) async throws -> EngineImage {
        guard let image = try await session.image(name) else {
            throw ContainerError(.invalidImage, "the Docker engine at \(engine.address) has no image \(name) after all")
        }
        return image
    }

    private func user(of image: EngineImage, in container: String, _ session: EngineSession) async throws -> ImageUser {
        guard ImageUser.needsFiles(image.user) else { return try ImageUser(image.user) }
        func text(_ path: String) async throws -> String {
            String(decoding: try await session.file(path, of: container, limit: 1 << 20) ?? [], as: UTF8.self)
        }
        return try await ImageUser(image.user, users: text("/etc/passwd"), groups: text("/etc/group"))
    }
}

extension DockerRuntime {
    private static let instanceLabel = "io.packager.instance"
    private static let ownerLabel = "io.packager.packaging"

    private func labels(of owner: String?) -> [String: String] {
        var labels = [Self.instanceLabel: instance]
        if let owner { labels[Self.ownerLabel] = owner }
        return labels
    }

    /// Of a server that was killed.
    private func removeLeftovers(
        of owner: String?,
        in session: EngineSession,
        _ report: (ContainerReport) -> Void
    ) async throws {
        guard let owner else { return }
        for id in try await session.containers(labelled: labels(of: owner)) {
            try await session.removeContainer(id)
            report(.progress("removed the container \(id.prefix(12)) of an attempt that was broken off"))
        }
    }

    /// Takes away what is ours, also when the run was cancelled: the task is not a child of it.
    private func remove(
        _ container: String,
        _ image: String,
        from session: EngineSession,
        _ report: @escaping @Sendable (ContainerReport) -> Void
    ) async {
        await Task {
            do {
                try await session.removeContainer(container)
                try await session.remove(image)
            } catch {
                report(.warning("something of the container \(container) stays in the engine: \(error)"))
            }
        }.value
    }
}
