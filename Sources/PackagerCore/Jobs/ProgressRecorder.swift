import Logging
import Transfer

/// Keeps what is written of a job true to its progress while it runs: steps and layers at once, bytes every second.
struct ProgressRecorder: Sendable {
    let job: Job
    let progress: PackagingProgress
    let database: PackagerDatabase
    let logger: Logger
    /// What has changed within this time is written together.
    var pause = Duration.milliseconds(250)
    var period = Duration.seconds(1)

    /// Until the task is cancelled.
    func run() async {
        var written = PackagingProgress.Snapshot()
        while !Task.isCancelled {
            let seen = progress.changes.count
            let snapshot = progress.snapshot
            if snapshot.version != written.version || snapshot.traffic != written.traffic {
                await record(snapshot)
                written = snapshot
            }
            await progress.changes.wait(after: seen, timeout: period)
            try? await Task.sleep(for: pause)
        }
    }

    /// Writes down how the run went: with it ends the step that still runs.
    ///
    /// - Returns: all that is known of the run.
    func finish(_ isSuccess: Bool) async -> PackagingProgress.Snapshot {
        progress.finish(isSuccess)
        let snapshot = progress.snapshot
        await record(snapshot)
        return snapshot
    }

    /// A run is not lost for what is said of it.
    private func record(_ snapshot: PackagingProgress.Snapshot) async {
        do {
            try await database.record(snapshot, of: job)
        } catch {
            logger.error("the progress of a packaging cannot be recorded: \(error)")
        }
    }
}
