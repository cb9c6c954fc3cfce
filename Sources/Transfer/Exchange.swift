import HTTPTypes
import Synchronization

/// One request and its answer, as the loop's thread and the waiting task share it. Buffers stay below
/// ``highWater`` and one block each way: beyond it the faster side is held back.
final class Exchange: Sendable {
    /// Bytes.
    static let highWater = 1 << 20

    let id: UInt64
    /// `host:port`, for messages.
    let address: String
    let state = Mutex(State())
    /// That of the task which starts the transfer.
    let meter = TransferMeter.current
    private let loop: TransferLoop

    struct State {
        var head: (HTTPResponse, String)?
        var headWaiter: CheckedContinuation<(HTTPResponse, String), any Error>?
        var received: [UInt8] = []
        var bodyWaiter: CheckedContinuation<[UInt8]?, any Error>?
        var receiveIsPaused = false
        var result: Result<Void, any Error>?
        var upload = Upload()
    }

    init(id: UInt64, address: String, loop: TransferLoop) {
        self.id = id
        self.address = address
        self.loop = loop
    }

    func resumeTransfer() { loop.post(.resume(id)) }

    // MARK: The waiting task's side

    /// The answer's head and the URL that gave it.
    func response() async throws -> (HTTPResponse, String) {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<(HTTPResponse, String), any Error>? = state.withLock { state in
                    if let head = state.head { return .success(head) }
                    if let result = state.result { return result.flatMap { .failure(noHead) } }
                    state.headWaiter = continuation
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            loop.post(.cancel(id))
        }
    }

    /// The bytes that are there, or the next ones to come; nil at the end.
    func nextChunk() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                let (ready, resumes): (Result<[UInt8]?, any Error>?, Bool) = state.withLock { state in
                    if !state.received.isEmpty {
                        defer { state.receiveIsPaused = false }
                        return (.success(state.take()), state.receiveIsPaused)
                    }
                    if let result = state.result { return (result.map { nil }, false) }
                    state.bodyWaiter = continuation
                    return (nil, false)
                }
                if resumes { resumeTransfer() }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            loop.post(.cancel(id))
        }
    }

    // MARK: The loop's side

    func deliver(_ head: HTTPResponse, url: String) {
        let waiter = state.withLock { state in
            state.head = (head, url)
            defer { state.headWaiter = nil }
            return state.headWaiter
        }
        waiter?.resume(returning: (head, url))
    }

    /// - Returns: false when there is no room: the bytes have to come again after a resume.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            guard state.received.count < Self.highWater else {
                state.receiveIsPaused = true
                return false
            }
            if state.received.isEmpty { state.received.reserveCapacity(256 << 10) }
            state.received.append(contentsOf: bytes)
            return true
        }
    }

    /// Hands what has been received to a waiting task: once per turn of the loop, not once per block of 16 KiB.
    func flush() {
        let (waiter, bytes, resumes) = state.withLock { state in
            guard let waiter = state.bodyWaiter, !state.received.isEmpty else {
                return (CheckedContinuation<[UInt8]?, any Error>?.none, [UInt8](), false)
            }
            state.bodyWaiter = nil
            defer { state.receiveIsPaused = false }
            return (waiter, state.take(), state.receiveIsPaused)
        }
        if resumes { resumeTransfer() }
        waiter?.resume(returning: bytes)
    }

    /// The transfer is over and its handle gone. Only the first call counts.
    func finish(_ result: Result<Void, any Error>) {
        flush()
        let left = state.withLock { state -> State? in
            guard state.result == nil else { return nil }
            state.result = result
            let left = state
            state.headWaiter = nil
            state.bodyWaiter = nil
            state.upload.close()
            return left
        }
        left?.headWaiter?.resume(with: result.flatMap { .failure(noHead) })
        left?.bodyWaiter?.resume(with: result.map { nil })
        left?.upload.roomWaiter?.resume()
        left?.upload.feeder?.cancel()
    }

    private var noHead: TransferError {
        TransferError(.malformedResponse, address, "closes the connection without a whole answer")
    }
}

extension Exchange.State {
    fileprivate mutating func take() -> [UInt8] {
        let bytes = received
        received = []
        return bytes
    }
}
