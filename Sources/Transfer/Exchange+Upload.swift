import Synchronization

extension Exchange {
    /// Chunks on their way from a stream to the connection.
    struct Upload {
        var chunks: ArraySlice<[UInt8]> = []
        /// Bytes of the first chunk that are sent.
        var offset = 0
        /// Bytes in ``chunks`` that are not sent.
        var count = 0
        var end: Result<Void, any Error>?
        var sendIsPaused = false
        var isClosed = false
        var roomWaiter: CheckedContinuation<Void, Never>?
        var feeder: Task<Void, Never>?

        mutating func close() {
            isClosed = true
            chunks = []
            count = 0
            roomWaiter = nil
        }
    }

    enum UploadRead {
        case bytes(Int)
        /// Nothing is there yet: the transfer is resumed when it is.
        case pause
        case end
        case failure(any Error)
    }

    /// Reads the stream as the connection takes its bytes. The task belongs to the exchange: it is cancelled when the
    /// transfer ends, and ``settle()`` waits for it.
    func feed(_ chunks: any AsyncSequence<[UInt8], any Error> & Sendable) {
        let feeder = Task {
            do {
                for try await chunk in chunks where !chunk.isEmpty { try await offer(chunk) }
                finishUpload(.success(()))
            } catch {
                finishUpload(.failure(error))
            }
        }
        let isClosed = state.withLock { state in
            state.upload.feeder = feeder
            return state.upload.isClosed
        }
        if isClosed { feeder.cancel() }
    }

    /// Waits until nobody reads the request's stream any more.
    func settle() async {
        await state.withLock { $0.upload.feeder }?.value
    }

    /// Fills `buffer` from the stream's chunks; on the loop's thread.
    func readUpload(into buffer: UnsafeMutableRawBufferPointer) -> UploadRead {
        let (read, waiter) = state.withLock { state -> (UploadRead, CheckedContinuation<Void, Never>?) in
            if case .failure(let error) = state.upload.end { return (.failure(error), nil) }
            let count = state.upload.read(into: buffer)
            if count == 0 {
                if state.upload.end != nil { return (.end, nil) }
                state.upload.sendIsPaused = true
            }
            guard state.upload.count < Self.highWater else { return (.bytes(count), nil) }
            defer { state.upload.roomWaiter = nil }
            return (count == 0 ? .pause : .bytes(count), state.upload.roomWaiter)
        }
        waiter?.resume()
        return read
    }

    private func offer(_ chunk: [UInt8]) async throws {
        try Task.checkCancellation()
        let resumes = state.withLock { state in
            guard !state.upload.isClosed else { return false }
            state.upload.chunks.append(chunk)
            state.upload.count += chunk.count
            defer { state.upload.sendIsPaused = false }
            return state.upload.sendIsPaused
        }
        if resumes { resumeTransfer() }
        // `finish` resumes this too, so cancellation needs no handler of its own.
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                guard !state.upload.isClosed, state.upload.count >= Self.highWater else { return true }
                state.upload.roomWaiter = continuation
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    private func finishUpload(_ end: Result<Void, any Error>) {
        let resumes = state.withLock { state in
            state.upload.end = end
            defer { state.upload.sendIsPaused = false }
            return state.upload.sendIsPaused
        }
        if resumes { resumeTransfer() }
    }
}

extension Exchange.Upload {
    fileprivate mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count, let chunk = chunks.first {
            let length = min(chunk.count - offset, buffer.count - filled)
            chunk.withUnsafeBytes { bytes in
                let target = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
            }
            filled += length
            offset += length
            if offset == chunk.count {
                chunks.removeFirst()
                offset = 0
            }
        }
        if chunks.isEmpty { chunks = [] }
        count -= filled
        return filled
    }
}
