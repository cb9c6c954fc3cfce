import FileSystem
import HTTPTypes
import Hummingbird
import Logging
import PackagerCore
import SystemPackage

/// Turns whatever a handler throws into a reply: `{"message": …}` with the status that fits.
///
/// Only errors made for users show their text; of any other the client learns that it happened and under which id the
/// log has it.
struct ErrorReplies: RouterMiddleware {
    typealias Context = APIRequestContext

    func handle(
        _ request: Request,
        context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as RegistryError {
            return try error.reply()
        } catch {
            let (status, message, headers) = Self.reply(to: error, request: request, context: context)
            if status.code >= 500 {
                context.logger.error("\(request.method.rawValue) \(request.uri.path) failed: \(error)")
            }
            return try Response.message(message, status: status, headers: headers)
        }
    }

    private static func reply(
        to error: any Error,
        request: Request,
        context: APIRequestContext
    ) -> (HTTPResponse.Status, String, HTTPFields) {
        switch error {
        case let error as APIError:
            (error.status, error.description, error.headers)
        case let error as ServiceError:
            (error.status, error.description, [:])
        case let error as FileSystemError where error.errno == .noSpace || error.errno == .diskQuotaExceeded:
            (.insufficientStorage, "the server's disk is full; free some space and try again", [:])
        case is CancellationError:
            (.serviceUnavailable, "the server is stopping; try again when it is back", [:])
        case let error as HTTPError
        where error.status == .notFound && !HTTPRequest.Method.common.contains(request.method):
            // The router looks for the path of a known method only.
            (.notImplemented, "there is no method \(request.method.rawValue) here", [:])
        case let error as HTTPError where error.status == .notFound:
            (.notFound, "not found: \(request.uri.path)", [:])
        case let error as HTTPError:
            (error.status, error.body ?? error.status.reasonPhrase, error.headers)
        default:
            (
                .internalServerError,
                "internal error; the server's log has the cause under request id \(context.requestID)", [:]
            )
        }
    }
}

extension HTTPResponse.Status {
    static var insufficientStorage: Self { .init(code: 507, reasonPhrase: "Insufficient Storage") }
}
