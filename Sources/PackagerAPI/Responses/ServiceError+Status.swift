import HTTPTypes
import PackagerCore

extension ServiceError {
    var status: HTTPResponse.Status {
        switch kind {
        case .invalid: .badRequest
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .preconditionFailed: .preconditionFailed
        case .contradiction: .unprocessableContent
        case .insufficientStorage: .insufficientStorage
        case .unusableState: .internalServerError
        }
    }
}
