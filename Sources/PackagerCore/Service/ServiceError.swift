/// Why the service refuses a request, in a sentence for the user.
package struct ServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The class of the error; the API answers it with the HTTP status named here.
    package enum Kind: String, Sendable {
        /// 400
        case invalid
        /// 403
        case forbidden
        /// 404
        case notFound
        /// 409
        case conflict
        /// 412
        case preconditionFailed
        /// 422: the request is well-formed and contradicts an earlier one.
        case contradiction
        /// 507: the disk is full.
        case insufficientStorage
        /// 500: the state on disk cannot be used.
        case unusableState
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }

    static func notFound(_ id: String) -> ServiceError { ServiceError(.notFound, "entity \"\(id)\" is not found") }

    static func alreadyExists(_ id: String) -> ServiceError {
        ServiceError(.conflict, "entity \"\(id)\" already exists")
    }
}
