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

            Every flag has a variable: --data is PACKAGER_DATA, --public-host is PACKAGER_PUBLIC_HOST, and so on. A flag \
            wins over its variable.
            """
    )

    @Option(name: .long, help: "Address to listen on. Default: 127.0.0.1.")
    var host: String?

    @Option(name: .long, help: "Port to listen on. Default: 5080.")
    var port: Int?

    @Option(name: .long, help: "HOST:PORT under which clients pull the store's images. Default: the address.")
    var publicHost: String?

    @Option(name: .long, help: "Packagings that run at once. Default: 2.")
    var workers: Int?

    @Option(name: .long, help: "Seconds that running packagings may go on after SIGTERM. Default: 20.")
    var grace: Double?

    @Option(
        name: .long,
        help: """
            A directory outside the data directory that file connections may point into; repeat for more. Also \
            PACKAGER_FILE_ROOT, with colons between them.
            """
    )
    var fileRoot: [String] = []

    @Flag(
        name: .long,
        help: """
            Let packagings bring Dockerfiles of their own (dockerfileTemplate): whoever may package may then run any \
            program in the Docker engine. Also PACKAGER_ALLOW_DOCKERFILE_TEMPLATES.
            """
    )
    var allowDockerfileTemplates = false

    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
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
        }
        let logger = Logger(label: "packager")
        let application = buildApplication(parts.service, host: host, port: port, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: application), .init(service: parts.worker)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}
