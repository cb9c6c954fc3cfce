package import Hummingbird

/// What a request carries along its way through the middleware.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's `X-Request-Id` where it sent a usable one, else a new one; in every reply and log line.
    package var requestID: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = RequestID().description
    }
}
