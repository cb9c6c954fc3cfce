import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

extension Request {
    /// A reply that is written as its chunks come. It ends when they do, when the client goes away, and when the server
    /// stops.
    func following(
        _ chunks: some AsyncSequence<[UInt8], any Error> & Sendable,
        headers: HTTPFields,
        logger: Logger
    ) -> Response {
        var headers = headers
        // Watching for the client to go away reads what follows on the connection, so that it cannot be used again.
        headers[.connection] = "close"
        let body = ResponseBody { writer in
            do {
                try await self.body.consumeWithCancellationOnInboundClose { _ in
                    for try await chunk in chunks.cancelOnGracefulShutdown() {
                        try await writer.write(ByteBuffer(bytes: chunk))
                    }
                }
            } catch is CancellationError {
                logger.debug("the client stopped following \(self.uri.path)")
                throw CancellationError()
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
