import ArgumentParser
import FileSystem
import Logging
import PackagerAPI
import PackagerCore
import ServiceLifecycle
import SystemPackage
import Transfer
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

    @Option(name: .long, help: Setting.tokenFile.help, completion: .file())
    var tokenFile: String?

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

    @Option(name: .long, help: Setting.outputConnection.help)
    var outputConnection: String?

    @Option(name: .long, help: Setting.nodePool.help)
    var nodePool: [NodeSelector] = []

    @Flag(name: .long, help: Setting.allowDockerfileTemplates.help)
    var allowDockerfileTemplates = false

    @OptionGroup var customPackagers: CustomPackagerOptions
    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        try (logFormat ?? Setting.logFormat.parsed() ?? .text).use()
        var server = APIConfiguration()
        server.host = try host ?? Setting.host.parsed() ?? server.host
        server.port = try port ?? Setting.port.parsed() ?? server.port
        server.tokens = try accessTokens
        let address = "\(server.host):\(server.port)"
        let engine = try build.engineAddress
        let choice = try customPackagers.choice(engine: engine)
        let parts = try await Composition(data: data, build: build, engine: engine, customPackagers: choice) {
            configuration in
            configuration.builders.templates =
                try allowDockerfileTemplates || Setting.allowDockerfileTemplates.parsed() ?? false
            configuration.publicHost = try publicHost ?? Setting.publicHost.parsed() ?? address
            configuration.workers = try workers ?? Setting.workers.parsed() ?? configuration.workers
            let roots = fileRoot.isEmpty ? Setting.fileRoot.values : fileRoot
            configuration.fileRoots = roots.map { FilePath($0).absolute }
            configuration.outputConnection =
                try outputConnection ?? Setting.outputConnection.parsed() ?? configuration.outputConnection
            configuration.nodePools = try (nodePool.isEmpty ? Setting.nodePool.parsedValues() : nodePool).map(\.labels)
            configuration.graceSeconds = try grace ?? Setting.grace.parsed() ?? configuration.graceSeconds
            configuration.leaseSeconds = try lease ?? Setting.lease.parsed() ?? configuration.leaseSeconds
            // A renewal has to come in time on a busy machine, too.
            guard (1...86_400).contains(configuration.leaseSeconds) else {
                throw ValidationError("the lease is \(configuration.leaseSeconds) seconds; give from 1 to 86400")
            }
        }
        let logger = Logger(label: "packager")
        if server.tokens == nil, !HTTPURL.isLoopback(host: server.host) {
            logger.warning("whoever reaches \(address) can do everything here: see --token-file")
        }
        let application = buildApplication(
            parts.service,
            packager: parts.packager,
            configuration: server,
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

    /// Nil where everybody is let in.
    private var accessTokens: AccessTokens? {
        get throws {
            guard let path = tokenFile ?? Setting.tokenFile.value else { return nil }
            let text = String(decoding: try FilePath(path).readAll(limit: 1 << 20), as: UTF8.self)
            guard let tokens = AccessTokens(text: text) else {
                throw CommandError("\(path) holds no token: write one a line, such as: openssl rand -hex 32")
            }
            return tokens
        }
    }
}
