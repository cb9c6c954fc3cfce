import ArgumentParser
import FileSystem
import Logging
import PackagerAPI
import PackagerCore
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The server: API, workers and the pull-only registry of its own store in one process.
struct Serve: SignalHandlingCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server.",
        discussion: """
            Example: packager serve --data ./data --host 127.0.0.1 --port 5080

            What no flag says, a variable or the configuration file may: packager config show lists them.
            """
    )

    @Option(name: .long, help: Setting.host.help)
    var host: String?

    @Option(name: .long, help: Setting.port.help)
    var port: Int?

    @Option(name: .long, help: Setting.publicHost.help)
    var publicHost: String?

    @Option(name: .long, help: Setting.workers.help)
    var workers: Int?

    @Option(name: .long, help: Setting.grace.help)
    var grace: Double?

    @Option(name: .long, help: Setting.lease.help)
    var lease: Double?

    @Option(name: .long, help: Setting.logFormat.help)
    var logFormat: LogFormat?

    @Option(name: .long, help: Setting.fileRoot.help)
    var fileRoot: [String] = []

    @Flag(name: .long, help: Setting.allowDockerfileTemplates.help)
    var allowDockerfileTemplates = false

    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        (try logFormat ?? EnvironmentSetting.value("LOG_FORMAT") ?? .text).use()
        let host = try host ?? EnvironmentSetting.value("HOST") ?? "127.0.0.1"
        let port = try port ?? EnvironmentSetting.value("PORT") ?? 5080
        let engine = try build.engineAddress
        let parts = try await Composition(data: data, build: build, engine: engine) { configuration in
            configuration.builders.templates =
                try allowDockerfileTemplates || EnvironmentSetting.value("ALLOW_DOCKERFILE_TEMPLATES") ?? false
            configuration.publicHost = try publicHost ?? EnvironmentSetting.value("PUBLIC_HOST") ?? "\(host):\(port)"
            configuration.workers = try workers ?? EnvironmentSetting.value("WORKERS") ?? configuration.workers
            let roots =
                fileRoot.isEmpty
                ? (EnvironmentSetting["FILE_ROOT"] ?? "").split(separator: ":").map(String.init) : fileRoot
            configuration.fileRoots = roots.map { FilePath($0).absolute }
            configuration.graceSeconds = try grace ?? EnvironmentSetting.value("GRACE") ?? configuration.graceSeconds
            configuration.leaseSeconds = try lease ?? EnvironmentSetting.value("LEASE") ?? configuration.leaseSeconds
            // A renewal has to come in time on a busy machine, too.
            guard (1...86_400).contains(configuration.leaseSeconds) else {
                throw ValidationError("the lease is \(configuration.leaseSeconds) seconds; give from 1 to 86400")
            }
        }
        let logger = Logger(label: "packager")
        let application = buildApplication(
            parts.service,
            packager: parts.packager,
            host: host,
            port: port,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: application), .init(service: parts.worker), .init(service: parts.service.inspector),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}
