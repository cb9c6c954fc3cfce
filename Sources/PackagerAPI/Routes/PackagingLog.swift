import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// A job's log as plain text, written as it grows.
///
/// A followed log ends when the job does, when the client goes away, and when the server stops.
struct PackagingLog {
    typealias Chunks = any AsyncSequence<[UInt8], any Error> & Sendable

    /// Opens the log of a packaging: its id, whether to follow it, and of which attempt if not the latest.
    var open: @Sendable (String, Bool, Int?) async throws -> Chunks

    @Sendable func reply(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["follow", "attempt"])
        let follow = try query.flag("follow") ?? false
        let log = try await open(context.name("id"), follow, query.number("attempt"))
        let headers: HTTPFields = [
            .contentType: "text/plain; charset=utf-8",
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        guard follow else {
            return Response(status: .ok, headers: headers, body: ResponseBody { try await Self.write(log, to: &$0) })
        }
        return request.following(log, headers: headers, logger: context.logger)
    }

    private static func write(
        _ log: some AsyncSequence<[UInt8], any Error> & Sendable,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        for try await chunk in log { try await writer.write(ByteBuffer(bytes: chunk)) }
        try await writer.finish(nil)
    }
}
