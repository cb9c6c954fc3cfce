import FileSystem
package import Logging
import ServiceLifecycle
import Synchronization
import SystemPackage
import Transfer

/// Runs queued jobs, of this process and of others on the same data directory, until it is shut down.
///
/// A graceful shutdown stops the claiming, lets running jobs go on for the grace period, then cancels them and puts them back.
package struct Worker: Service {
    private let database: PackagerDatabase
    private let configuration: PackagerConfiguration
    private let runner: any PackagingRunner
    private let metrics: PackagerMetrics
    private let logger: Logger
    private let running = Running()
    /// How soon other processes' jobs and cancellations are noticed.
    private let poll = Duration.milliseconds(500)

    package init(_ service: PackagerService, runner: any PackagingRunner, logger: Logger) {
        database = service.database
        configuration = service.configuration
        metrics = service.metrics
        self.runner = runner
        self.logger = logger
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !running.isStopping, !Task.isCancelled {
                    let seen = database.jobChanges.count
                    while running.count < configuration.workers, !running.isStopping, let job = await claim() {
                        running.add(1)
                        group.addTask {
                            await execute(job)
                            running.add(-1)
                            database.jobChanges.raise()
                        }
                    }
                    await database.jobChanges.wait(after: seen, timeout: poll)
                }
                await waitForGracePeriod()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            running.stop()
            database.jobChanges.raise()
        }
    }

    /// Runs the job of one packaging in this process; returns at once when another worker has it.
    package func run(only id: String) async throws {
        let job = try await database.claimJob(of: id, lasting: configuration.leaseSeconds)
        if let job { await execute(job) }
    }

    private func waitForGracePeriod() async {
        let deadline = ContinuousClock.now + .seconds(configuration.graceSeconds)
        while running.count > 0, !Task.isCancelled, ContinuousClock.now < deadline {
            let seen = database.jobChanges.count
            if running.count == 0 { return }
            await database.jobChanges.wait(after: seen, timeout: deadline - ContinuousClock.now)
        }
    }

    private func claim() async -> Job? {
        do {
            return try await database.claimJob(lasting: configuration.leaseSeconds)
        } catch {
            logger.error("no job can be claimed: \(error)")
            return nil
        }
    }

    func execute(_ job: Job) async {
        let name = job.packaging.id
        var logger = logger
        logger[metadataKey: "packaging"] = "\(name)"
        logger[metadataKey: "attempt"] = "\(job.attempt)"
        logger.info("packaging starts")
        do {
            let path = configuration.directory.log(of: name, attempt: job.attempt)
            let log = try JobLog(at: path, changed: database.logChanges)
            // A deletion after this removes the log with the others; one before it has not seen it.
            guard try await database.hasPackaging(of: job) else {
                try path.removingLastComponent().removeTree()
                return try await database.release(job)
            }
            let recorder = ProgressRecorder(
                job: job,
                progress: PackagingProgress(),
                database: database,
                logger: logger
            )
            let ending = await run(job, log, recorder, logger)
            let snapshot = await recorder.finish(ending.isSuccess)
            metrics.count(snapshot, ending.outcome)
            switch ending {
            case .succeeded(let results):
                log.info("Packaging \(name) succeeded")
                let isWritten = try await database.finish(job) { status in
                    status.state = .succeeded
                    status.reason = "Succeeded"
                    status.results = results
                }
                if !isWritten {
                    logger.notice("a result came too late and was dropped")
                }
            case .failed(let message, let exitCode):
                log.error(message)
                _ = try await fail(job, message, exitCode)
            case .stopped:
                log.info("The worker shuts down; packaging \(name) will run again")
                try await database.release(job)
            case .cancelled:
                log.info("Packaging \(name) was cancelled")
                try await database.release(job)
            }
        } catch {
            logger.error("the end of a packaging cannot be recorded: \(error)")
            _ = try? await fail(job, "\(error)")
        }
    }

    private func fail(_ job: Job, _ message: String, _ exitCode: Int = 1) async throws -> Bool {
        try await database.finish(job) { status in
            status.state = .failed
            status.reason = "Failed"
            status.message = message
            status.exitCode = exitCode
        }
    }

    private enum Ending: Sendable {
        case succeeded([ModelPackaging.Result])
        /// With the exit code of the program that failed, or 1.
        case failed(String, exitCode: Int)
        /// The worker shuts down.
        case stopped
        /// The job is no longer ours.
        case cancelled

        var isSuccess: Bool { outcome == .succeeded }

        var outcome: PackagerMetrics.AttemptOutcome {
            switch self {
            case .succeeded: .succeeded
            case .failed: .failed
            case .stopped: .stopped
            case .cancelled: .cancelled
            }
        }
    }

    /// Runs the job beside the renewal of its lease; the loss of the lease cancels the job.
    private func run(_ job: Job, _ log: JobLog, _ recorder: ProgressRecorder, _ logger: Logger) async -> Ending {
        await withTaskGroup(of: Ending?.self) { group in
            group.addTask {
                do {
                    let progress = recorder.progress
                    let results = try await TransferMeter.$current.withValue(progress.meter) {
                        try await runner.run(job.packaging, log: log, progress: progress)
                    }
                    return .succeeded(results)
                } catch {
                    if Task.isCancelled { return .stopped }
                    return .failed("\(error)", exitCode: (error as? PackagingError)?.exitCode ?? 1)
                }
            }
            group.addTask { await holdLease(of: job, logger) }
            group.addTask {
                await recorder.run()
                return nil
            }
            var ending = Ending.stopped
            for await part in group {
                group.cancelAll()
                switch (part, ending) {
                case (.cancelled, _): ending = .cancelled
                case (let part?, .stopped): ending = part
                default: break
                }
            }
            return ending
        }
    }

    /// - Returns: `cancelled` when the job is no longer ours, nil when the task was cancelled.
    private func holdLease(of job: Job, _ logger: Logger) async -> Ending? {
        let term = Duration.seconds(configuration.leaseSeconds)
        var renewed = ContinuousClock.now
        while !Task.isCancelled {
            let seen = database.jobChanges.count
            let isDue = ContinuousClock.now - renewed > term / 3
            do {
                let state =
                    isDue
                    ? try await database.renewLease(of: job, lasting: configuration.leaseSeconds)
                    : try await database.leaseState(of: job)
                guard state == .held else { return .cancelled }
                if isDue { renewed = .now }
            } catch {
                logger.error("a lease cannot be renewed: \(error)")
                guard ContinuousClock.now - renewed < term else { return .cancelled }
            }
            await database.jobChanges.wait(after: seen, timeout: min(poll, term / 6))
        }
        return nil
    }

    /// How many jobs run, and whether more may start.
    private final class Running: Sendable {
        private let jobs = Atomic<Int>(0)
        private let stopping = Atomic<Bool>(false)

        var count: Int { jobs.load(ordering: .sequentiallyConsistent) }
        var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

        func add(_ change: Int) { jobs.wrappingAdd(change, ordering: .sequentiallyConsistent) }

        func stop() { stopping.store(true, ordering: .sequentiallyConsistent) }
    }
}
