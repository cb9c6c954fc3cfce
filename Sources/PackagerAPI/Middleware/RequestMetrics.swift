import HTTPTypes
import Hummingbird
import Prometheus

/// Counts requests by their route, never by their path: there are only so many routes.
struct RequestMetrics: RouterMiddleware {
    typealias Context = APIRequestContext

    /// What a request is counted as that fits no route.
    static let unrouted = "none"

    private let requests: Counter
    private let seconds: Histogram

    init(_ registry: MetricRegistry) {
        requests = registry.counter(
            "packager_http_requests_total",
            "Requests by route, method and status of the reply.",
            labels: ["route", "method", "status"]
        )
        seconds = registry.histogram(
            "packager_http_request_seconds",
            "Seconds until a reply began, by route and method. A body that is written as it grows does not count.",
            labels: ["route", "method"],
            bounds: Histogram.seconds
        )
    }

    func handle(
        _ request: Request,
        context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let response = try await next(request, context)
        let path = context.endpointPath ?? ""
        // The router has a name of its own for what it does not know.
        let route = path.hasPrefix("/") ? path : Self.unrouted
        let method = HTTPRequest.Method.common.contains(request.method) ? request.method.rawValue : "other"
        requests.add(1, route, method, "\(response.status.code)")
        seconds.observe((ContinuousClock.now - began) / .seconds(1), route, method)
        return response
    }
}
