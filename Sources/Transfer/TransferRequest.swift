package import HTTPTypes
package import SystemPackage

/// One request to an `http` or `https` URL.
package struct TransferRequest: Sendable {
    package var method: HTTPRequest.Method
    /// Absolute. User information in it is sent as Basic authentication and never shown.
    package var url: String
    package var headers: HTTPFields
    package var body: HTTPBody
    /// Redirects of GET and HEAD are followed, without `Authorization` and `Cookie` where the origin changes, and never
    /// from `https` to `http`. Those of other methods are handed to the caller as they are.
    package var followRedirects = true
    /// In place of the client's own limits; see ``HTTPClient/Configuration``.
    package var idleTimeout: Duration?
    package var responseTimeout: Duration?
    /// Speaks to this socket in place of the URL's host.
    package var unixSocket: FilePath?
    /// For servers that know their clients by certificates.
    package var identity: TLSIdentity?

    package init(
        _ method: HTTPRequest.Method = .get,
        url: String,
        headers: HTTPFields = [:],
        body: HTTPBody = .none
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
