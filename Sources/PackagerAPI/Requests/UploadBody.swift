import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import OCI

/// The body of an upload, block by block as the reader asks for it.
///
/// It throws instead of ending when bytes are missing or do not have the promised digest, so that whoever stores it
/// never takes a part for the whole: a connection that breaks looks like the end of the body to the server.
struct UploadBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    /// What the upload is, for messages.
    var name: String
    var body: RequestBody
    /// Bytes, from `Content-Length`; nil for a chunked body.
    var length: Int64?
    var digests: [OCI.Digest]

    func makeAsyncIterator() -> Iterator {
        Iterator(upload: self, source: body.makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        let upload: UploadBody
        var source: RequestBody.AsyncIterator
        var received: Int64 = 0
        var hash = SHA256()

        init(upload: UploadBody, source: RequestBody.AsyncIterator) {
            self.upload = upload
            self.source = source
        }

        mutating func next() async throws -> [UInt8]? {
            guard let buffer = try await block() else {
                try checkWhole()
                return nil
            }
            received += Int64(buffer.readableBytes)
            let bytes = Array(buffer.readableBytesView)
            if !upload.digests.isEmpty { hash.update(data: bytes) }
            return bytes
        }

        private mutating func block() async throws -> ByteBuffer? {
            do {
                return try await source.next()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw incomplete
            }
        }

        private func checkWhole() throws {
            // A cancelled connection's body ends early too.
            try Task.checkCancellation()
            if let length = upload.length, length != received { throw incomplete }
            let actual = OCI.Digest(hash.finalize())
            for expected in upload.digests where expected != actual {
                throw APIError(
                    .digestMismatch,
                    "the digest of \(upload.name) is \(actual), not \(expected) as the request says; upload it again"
                )
            }
        }

        private var incomplete: APIError {
            APIError(
                .incompleteBody,
                "the upload of \(upload.name) ended after \(received)\(upload.length.map { " of \($0)" } ?? "") bytes"
            )
        }
    }
}
