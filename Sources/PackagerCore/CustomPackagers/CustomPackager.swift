package import Archive
package import Containers
import FileSystem
import ImageAssembler
import JSON
package import Logging
import OCI
package import SystemPackage

/// Runs packagers that are images, as ODAHU does: `ENTRYPOINT /workspace/output /workspace/mp.json` in `/workspace`, where
/// the artifact is in `output`, what is asked for in `mp.json`, and the results come into `result.json`.
package struct CustomPackager: Sendable {
    /// Where ODAHU's packagers find it all.
    static let workspace = "/workspace"
    static let output = "output"
    static let input = "mp.json"

    private let runtime: any ContainerRuntime
    private let packager: Packager
    private let work: FilePath
    private let limits: ArchiveLimits
    private let timeout: Duration

    /// - Parameters:
    ///   - packager: finds images in the store and in registries.
    ///   - work: a directory for scratch space.
    ///   - timeout: how long a packager may run.
    package init(
        in runtime: any ContainerRuntime,
        packager: Packager,
        work: FilePath,
        limits: ArchiveLimits,
        timeout: Duration
    ) {
        self.runtime = runtime
        self.packager = packager
        self.work = work.absolute
        self.limits = limits
        self.timeout = timeout
    }

    /// - Throws: ``PackagingError`` `packagerFailed`, with the exit code, and `noResults`; what the runtime throws.
    package func run(_ request: CustomPackagingRequest, logger: Logger) async throws -> [ModelPackaging.Result] {
        let id = request.packaging.id
        let steps = StepClock(progress: request.progress, logger: logger)
        request.progress.restart()
        logger.info("packaging \(request.artifact.name) with \(request.integration.id), the image \(request.image)")
        if request.isJob { try await removeLeftovers(of: id) }
        return try await withTemporaryDirectory(in: work, prefix: "custom-\(id).") { directory in
            let workspace = directory.appending("workspace")
            steps.begin("unpack")
            try workspace.createDirectories()
            try await ArtifactCopy.make(of: request.artifact, in: workspace.appending(Self.output), limits: limits)
            try workspace.appending(Self.input).writeAtomically(
                CanonicalJSON.encode(request.input),
                permissions: .ownerReadWrite
            )
            steps.end("\(request.artifact.name) for the packager")

            steps.begin("run")
            let outcome = try await run(task(for: request, workspace, logger), logger)
            guard outcome.exitCode == 0 else { throw failure(outcome, request) }
            let results = try PackagerResults.read(outcome.result)
            steps.end("the packager ended well, with \(results.count.counted("result"))")
            return results
        }
    }

    private func task(
        for request: CustomPackagingRequest,
        _ workspace: FilePath,
        _ logger: Logger
    ) async throws -> ContainerTask {
        let reference = request.image
        let image = ContainerImage(
            reference,
            isStored: try await packager.store.repository(reference).contains(reference.selector),
            credential: try await request.pull.engineCredential(for: reference),
            resolve: { try await packager.baseImage(reference, pull: request.pull, logger) }
        )
        var task = ContainerTask(
            image: image,
            command: [
                request.integration.spec.entrypoint, "\(Self.workspace)/\(Self.output)",
                "\(Self.workspace)/\(Self.input)",
            ],
            workspace: workspace,
            workingDirectory: Self.workspace,
            resultFile: PackagerResults.file
        )
        task.limits = request.limits
        task.isPrivileged = request.integration.spec.privileged ?? false
        task.owner = request.isJob ? request.packaging.id : nil
        return task
    }

    /// - Throws: ``PackagingError`` `packagerFailed` when the time is over.
    private func run(_ task: ContainerTask, _ logger: Logger) async throws -> ContainerOutcome {
        try await withThrowingTaskGroup(of: ContainerOutcome?.self) { group in
            group.addTask { try await runtime.run(task) { logger.write($0) } }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() ?? nil else {
                throw PackagingError(
                    .packagerFailed,
                    "the packager was stopped after \(timeout.components.seconds) seconds: give it more with --custom-packager-timeout"
                )
            }
            return outcome
        }
    }

    private func failure(_ outcome: ContainerOutcome, _ request: CustomPackagingRequest) -> PackagingError {
        let memory = request.packaging.spec.resources?.limits?.memory ?? "none"
        let reason =
            if outcome.isOutOfMemory {
                "it used more than its memory, spec.resources.limits.memory, which is \(memory)"
            } else if outcome.exitCode == 137 {
                "it was killed, perhaps for using more than its memory, spec.resources.limits.memory, which is \(memory)"
            } else if outcome.exitCode == 126 || outcome.exitCode == 127 {
                "\(request.integration.spec.entrypoint) may be no program of the image; its log says why"
            } else {
                "its log says why"
            }
        return PackagingError(
            .packagerFailed,
            "the packager \(request.image) ended with exit code \(outcome.exitCode): \(reason)",
            exitCode: outcome.exitCode
        )
    }

    /// Of a server that was killed: secrets are in it.
    private func removeLeftovers(of id: String) async throws {
        try await blocking { [work] in
            // No id has a dot in it, so that one is not the beginning of another.
            for name in try work.entries() where name.string.hasPrefix("custom-\(id).") {
                try work.appending(name).removeTree()
            }
        }
    }
}

extension Logger {
    fileprivate func write(_ report: ContainerReport) {
        switch report {
        case .output(let line), .progress(let line): info("\(line)")
        case .warning(let line): warning("\(line)")
        }
    }
}
