package import Logging
package import ServiceLifecycle

/// Runs queued jobs, of this process and of others on the same data directory, until it is shut down.
package struct Worker: Service {
    package init(_ service: PackagerService, runner: any PackagingRunner, logger: Logger) {}

    package func run() async throws {}

    /// Runs the job of one packaging in this process; returns at once when another worker has it.
    package func run(only id: String) async throws {}
}
