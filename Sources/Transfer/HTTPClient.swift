import HTTPTypes
import Synchronization

/// HTTP/1.1 and HTTP/2 over libcurl: one per process, any number of transfers at once on one thread of its own.
///
/// Cancelling the task that waits for a transfer ends it at once. When the last reference goes, so does the thread.
package final class HTTPClient: Sendable {
    package let configuration: Configuration
    private let loop: TransferLoop

    /// - Throws: ``TransferError`` when the system gives no thread or memory.
    package init(configuration: Configuration = Configuration()) throws {
        self.configuration = configuration
        loop = try TransferLoop.start(configuration)
    }

    deinit { loop.post(.stop) }

    /// Ends running transfers with `shutDown` and refuses new ones.
    package func shutDown() { loop.post(.stop) }

    /// Sends a request and gives the whole answer, whatever its status.
    ///
    /// - Parameter limit: the most body bytes; more throw `tooLong`.
    package func send(_ request: TransferRequest, limit: Int = 8 << 20) async throws -> HTTPBufferedResponse {
        let exchange = try await start(request)
        do {
            let (head, url) = try await exchange.response()
            var body: [UInt8] = []
            while let chunk = try await exchange.nextChunk() {
                body += chunk
                guard body.count <= limit else {
                    throw TransferError(
                        .tooLong,
                        exchange.address,
                        "answers with more than the \(limit) bytes allowed here"
                    )
                }
            }
            await exchange.settle()
            return HTTPBufferedResponse(head: head, url: url, body: body)
        } catch {
            loop.post(.cancel(exchange.id))
            await exchange.settle()
            throw error
        }
    }

    /// Sends a request and gives the answer's head as soon as it is there; the body is pulled.
    package func stream(_ request: TransferRequest) async throws -> HTTPStreamedResponse {
        let exchange = try await start(request)
        do {
            let (head, url) = try await exchange.response()
            return HTTPStreamedResponse(head: head, url: url, body: ResponseBody(exchange: exchange, client: self))
        } catch {
            loop.post(.cancel(exchange.id))
            await exchange.settle()
            throw error
        }
    }

    func cancel(_ exchange: Exchange) { loop.post(.cancel(exchange.id)) }

    private func start(_ request: TransferRequest) async throws -> Exchange {
        try Task.checkCancellation()
        let url = try HTTPURL(request.url)
        let upload = try await UploadSource(request.body)
        let address = request.unixSocket.map { "\($0)" } ?? url.address
        let exchange = Exchange(id: TransferLoop.nextID(), address: address, loop: loop)
        loop.post(
            .start(exchange) { [configuration] in
                try ActiveTransfer(exchange, request: request, url: url, upload: upload, configuration: configuration)
            }
        )
        if case .stream(let chunks, _) = request.body { exchange.feed(chunks) }
        return exchange
    }
}
