package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import PackagerCore
import Prometheus

/// The HTTP server around a service and the images of its store.
///
/// It ends gracefully with its service group: requests in progress end, followed logs at once.
///
/// - Parameters:
///   - packager: foresees packagings; without it there are no dry runs.
///   - onServerRunning: is told the port once the server listens.
package func buildApplication(
    _ service: PackagerService,
    packager: Packager? = nil,
    images: (any ImageCatalog)? = nil,
    configuration: APIConfiguration,
    logger: Logger,
    onServerRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
) -> some ApplicationProtocol {
    let store = LayoutCatalog(layout: service.store, publicHost: service.configuration.publicHost)
    return buildApplication(
        buildRouter(
            service: service,
            packager: packager,
            images: images ?? store,
            configuration: configuration
        ),
        configuration: configuration,
        logger: logger,
        onServerRunning: onServerRunning
    )
}

func buildApplication(
    _ router: Router<APIRequestContext>,
    configuration: APIConfiguration,
    logger: Logger,
    onServerRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
) -> some ApplicationProtocol {
    Application(
        router: router,
        server: .http1(
            configuration: .init(
                additionalChannelHandlers: [ContinueHandler()],
                idleTimeout: .seconds(Int64(configuration.idleTimeout))
            )
        ),
        configuration: ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port),
            serverName: "packager"
        ),
        onServerRunning: { await onServerRunning($0.localAddress?.port) },
        logger: logger
    )
}

/// All operations: those of ``routes(service:configuration:)`` and the registry's.
func buildRouter(
    service: PackagerService,
    packager: Packager? = nil,
    images: any ImageCatalog,
    configuration: APIConfiguration
) -> Router<APIRequestContext> {
    let router = Router<APIRequestContext>.withMiddleware(countingIn: service.metrics.registry)
    if let tokens = configuration.tokens { router.add(middleware: TokenAuthentication(tokens: tokens)) }
    router.add(routes(service: service, packager: packager, configuration: configuration))
    RegistryRoutes(images: images).add(to: router)
    return router
}

extension Router<APIRequestContext> {
    /// A router without routes, with what every request goes through.
    static func withMiddleware(countingIn registry: MetricRegistry = MetricRegistry()) -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestIdentification())
        router.add(middleware: RequestMetrics(registry))
        router.add(middleware: ErrorReplies())
        router.add(middleware: CrossSiteGuard())
        return router
    }
}
