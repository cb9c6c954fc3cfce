/// Does the work of a job.
package protocol PackagingRunner: Sendable {
    /// Packages, and says each step in the log and in the progress. Stops within a second of its task's cancellation. May be called again for
    /// the same packaging after an attempt that did not end.
    func run(
        _ packaging: ModelPackaging,
        log: JobLog,
        progress: PackagingProgress
    ) async throws -> [ModelPackaging.Result]
}
