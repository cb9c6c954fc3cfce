package import HTTPTypes
package import SystemPackage

/// What a request sends.
package enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// `length` bytes of a file from `offset`.
    case file(FilePath, offset: Int64, length: Int64)
    /// Chunks asked for one by one as the connection takes them; `length` in bytes, nil for chunked encoding.
    case stream(any AsyncSequence<[UInt8], any Error> & Sendable, length: Int64?)
}

/// A response whose body is still to come, chunk by chunk, with back-pressure.
package struct HTTPStreamedResponse: Sendable {
    package var head: HTTPResponse
    /// The URL that answered, after redirects.
    package var url: String
    /// Read once. Dropping it unread ends the transfer.
    package var body: any AsyncSequence<[UInt8], any Error> & Sendable
}

/// A response with its whole body.
package struct HTTPBufferedResponse: Sendable {
    package var head: HTTPResponse
    /// The URL that answered, after redirects.
    package var url: String
    package var body: [UInt8]

    package init(head: HTTPResponse, url: String, body: [UInt8]) {
        self.head = head
        self.url = url
        self.body = body
    }
}
