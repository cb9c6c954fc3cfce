import HTTPTypes
import Hummingbird
import NIOCore
import PackagerCore
import Prometheus

/// What the server counts, for Prometheus.
struct MetricsReply: Sendable {
    var service: PackagerService

    @Sendable func reply(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let text = try await service.metricsText
        let headers: HTTPFields = [.contentType: MetricRegistry.mediaType, .cacheControl: "no-store"]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
