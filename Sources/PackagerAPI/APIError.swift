package import HTTPTypes

/// A request that this layer itself refuses, before any service sees it.
///
/// `description` is the message of the reply.
package struct APIError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case badRequest, unauthorized, forbidden, notFound, methodNotAllowed, incompleteBody, digestMismatch,
            documentTooLarge
        case rangeNotSatisfiable
    }

    package var code: Code
    package var description: String
    /// Fields of the reply: `Allow`, `Content-Range`, `WWW-Authenticate`.
    package var headers: HTTPFields

    package init(_ code: Code, _ description: String, headers: HTTPFields = [:]) {
        self.code = code
        self.description = description
        self.headers = headers
    }

    package var status: HTTPResponse.Status {
        switch code {
        case .badRequest, .incompleteBody, .digestMismatch: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .documentTooLarge: .contentTooLarge
        case .rangeNotSatisfiable: .rangeNotSatisfiable
        }
    }
}
