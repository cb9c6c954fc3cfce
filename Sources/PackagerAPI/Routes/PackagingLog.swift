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

    /// Opens the log of a packaging: its id, and whether to follow it.
    var open: @Sendable (String, Bool) async throws -> Chunks

    @Sendable func reply(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let follow = try QueryParameters(request, allowed: ["follow"]).flag("follow") ?? false
        let log = try await open(context.name("id"), follow)
        var headers: HTTPFields = [
            .contentType: "text/plain; charset=utf-8",
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        guard follow else {
            return Response(status: .ok, headers: headers, body: ResponseBody { try await Self.write(log, to: &$0) })
        }
        // Watching for the client to go away reads what follows on the connection, so that it cannot be used again.
        headers[.connection] = "close"
        let body = ResponseBody { writer in
            do {
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await Self.writeUntilShutdown(log, to: &writer)
                }
            } catch is CancellationError {
                context.logger.debug("the client stopped following the log")
                throw CancellationError()
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func write(
        _ log: some AsyncSequence<[UInt8], any Error> & Sendable,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        for try await chunk in log { try await writer.write(ByteBuffer(bytes: chunk)) }
        try await writer.finish(nil)
    }

    private static func writeUntilShutdown(
        _ log: some AsyncSequence<[UInt8], any Error> & Sendable,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        for try await chunk in log.cancelOnGracefulShutdown() { try await writer.write(ByteBuffer(bytes: chunk)) }
    }
}
