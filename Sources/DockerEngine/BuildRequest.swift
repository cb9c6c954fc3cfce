import JSON
import Transfer

/// What `POST /build` is asked for besides the context.
package struct BuildRequest: Sendable {
    /// The image's name in the engine.
    package var name: String
    /// Put over the Dockerfile's own.
    package var labels: [String: String]
    /// The network of `RUN` steps: `host`, `none`, or one that the engine has; nil for its default.
    package var network: String?
    /// For the registries that the Dockerfile's bases are in.
    package var credentials: [EngineCredential]

    package init(
        name: String,
        labels: [String: String] = [:],
        network: String? = nil,
        credentials: [EngineCredential] = []
    ) {
        self.name = name
        self.labels = labels
        self.network = network
        self.credentials = credentials
    }

    /// The query of the request. Containers of steps are removed however the build ends.
    func query() throws -> String {
        var parameters = [("t", name), ("rm", "1"), ("forcerm", "1")]
        if !labels.isEmpty {
            parameters.append(("labels", String(decoding: try CanonicalJSON.encode(labels), as: UTF8.self)))
        }
        if let network { parameters.append(("networkmode", network)) }
        return parameters.map { "\($0.0)=\($0.1.queryEncoded)" }.joined(separator: "&")
    }
}
