/// A transfer that failed, and with whom. Never holds a query string or credentials.
package struct TransferError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case invalidURL
        case cannotResolve, cannotConnect, refused, timeout
        case certificate, tlsToPlainPort, plainToTLSPort, tls
        case connectionReset, malformedResponse, truncated, tooLong
        case redirect, proxy, badBody, status, digestMismatch, shutDown, other
    }

    package var code: Code
    /// `host:port`, or what stands in its place.
    package var address: String
    /// What is wrong, as the end of a sentence that starts with the address.
    package var reason: String
    /// The HTTP status where ``code`` is `status`.
    package var status: Int?

    package init(_ code: Code, _ address: String, _ reason: String, status: Int? = nil) {
        self.code = code
        self.address = address
        self.reason = reason
        self.status = status
    }

    package var description: String { "\(address) \(reason)" }

    /// Whether the same request may succeed a moment later.
    package var isTransient: Bool {
        switch code {
        case .cannotResolve, .cannotConnect, .refused, .timeout, .connectionReset, .truncated: true
        default: false
        }
    }
}
