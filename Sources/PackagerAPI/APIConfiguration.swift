/// How the server listens and what it lets through.
package struct APIConfiguration: Sendable {
    /// A name or address; loopback unless it is set, for whoever reaches a server without ``tokens`` can do everything.
    package var host = "127.0.0.1"
    /// 0 for any free port; `onServerRunning` tells which.
    package var port = 5080
    /// The most bytes of a JSON document in a request; artifacts have no limit.
    package var maximumDocumentSize = 4 << 20
    /// Seconds after which a connection is closed that is silent between or within requests; one that waits for a
    /// reply is left alone.
    package var idleTimeout = 75
    /// The longest that a request may wait for a change, in seconds.
    package var maximumWait = 60
    /// The page of a list when the request names no `size`.
    package var defaultPageSize = 500

    /// What a request needs one of; nil for a server that everybody may use.
    package var tokens: AccessTokens?

    package init() {}
}
