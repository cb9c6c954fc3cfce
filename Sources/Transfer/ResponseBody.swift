/// The chunks of a response, pulled: the server is held back while nobody asks for the next one.
struct ResponseBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    private let lease: Lease

    init(exchange: Exchange, client: HTTPClient) {
        lease = Lease(exchange: exchange, client: client)
    }

    func makeAsyncIterator() -> Iterator { Iterator(lease: lease) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let lease: Lease

        func next() async throws -> [UInt8]? { try await lease.exchange.nextChunk() }

        func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            try await lease.exchange.nextChunk()
        }
    }

    /// Keeps the client alive while the body is read, and ends the transfer when nobody can read it any more.
    fileprivate final class Lease: Sendable {
        let exchange: Exchange
        private let client: HTTPClient

        init(exchange: Exchange, client: HTTPClient) {
            self.exchange = exchange
            self.client = client
        }

        deinit { client.cancel(exchange) }
    }
}
