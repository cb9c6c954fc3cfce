/// Does the work of a job.
package protocol PackagingRunner: Sendable {
    /// Packages, and says each step in the log. Stops within a second of its task's cancellation. May be called again for
    /// the same packaging after an attempt that did not end.
    func run(_ packaging: ModelPackaging, log: JobLog) async throws -> [ModelPackaging.Result]
}
