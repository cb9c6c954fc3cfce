import FoundationEssentials
import HTTPTypes
import JSON
package import Transfer

/// A client of the Docker Engine API. Source: Docker Engine API reference, v1.41 and later.
package struct DockerEngine: Sendable {
    package let address: EngineAddress
    let http: HTTPClient

    package init(_ address: EngineAddress, over http: HTTPClient) {
        self.address = address
        self.http = http
    }

    /// Finds out which version of the API to speak.
    ///
    /// - Throws: ``EngineError`` `unreachable` and `unsupportedVersion`.
    package func connect() async throws -> EngineSession {
        let known = try await announcedVersion()
        guard known >= .oldest else {
            throw EngineError(
                .unsupportedVersion,
                "the Docker engine at \(address) speaks version \(known) of its API; \(EngineVersion.oldest) (Docker 20.10) is the oldest that will do"
            )
        }
        return EngineSession(engine: self, version: min(known, .newest))
    }

    /// The newest version that the engine speaks.
    private func announcedVersion() async throws -> EngineVersion {
        var ping = request(.get, "/_ping")
        ping.idleTimeout = .seconds(20)
        let answer: HTTPBufferedResponse
        do {
            answer = try await http.send(ping, limit: 1 << 20)
        } catch let error as TransferError {
            throw EngineError(
                .unreachable,
                """
                no Docker engine can be reached at \(address) (\(error.reason)): start it, name another with --docker-host, \
                or build without one (builder "native")
                """
            )
        }
        if let name = HTTPField.Name("Api-Version"), let version = answer.head.headerFields[name] {
            guard let version = EngineVersion(version) else { throw malformed("an API version \(version.prefix(40))") }
            return version
        }
        let body = try await json(of: http.send(request(.get, "/version"), limit: 1 << 20))
        guard let version = body["ApiVersion"]?.stringValue.flatMap({ EngineVersion($0) }) else {
            throw malformed("no API version")
        }
        return version
    }

    /// - Parameter target: path and query.
    func request(_ method: HTTPRequest.Method, _ target: String, body: HTTPBody = .none) -> TransferRequest {
        switch address.transport {
        case .unixSocket(let path):
            var request = TransferRequest(method, url: "http://localhost\(target)", body: body)
            request.unixSocket = path
            return request
        case .tcp(let authority, let identity):
            let scheme = identity == nil ? "http" : "https"
            var request = TransferRequest(method, url: "\(scheme)://\(authority)\(target)", body: body)
            request.identity = identity
            return request
        }
    }

    /// The body of an answer in the 200s.
    func json(of answer: HTTPBufferedResponse) throws -> JSONValue {
        guard answer.head.status.kind == .successful else { throw refusal(answer.head.status.code, answer.body) }
        guard let value = try? CanonicalJSON.decode(JSONValue.self, from: Data(answer.body)) else {
            throw malformed("something that is not JSON")
        }
        return value
    }

    /// What an answer of another status says, in the engine's own words.
    func refusal(_ status: Int, _ body: [UInt8]) -> EngineError {
        let message = (try? CanonicalJSON.decode(JSONValue.self, from: Data(body)))?["message"]?.stringValue
        let text = PlainText.line(message ?? String(decoding: body.prefix(300), as: UTF8.self))
        return EngineError(.refused, "the Docker engine at \(address) refuses (\(status)): \(text)")
    }

    func malformed(_ what: String) -> EngineError {
        EngineError(.malformedAnswer, "the Docker engine at \(address) answers with \(what)")
    }

    /// A transfer that broke off in the engine's words.
    func broken(_ error: TransferError) -> EngineError {
        EngineError(.unreachable, "the Docker engine at \(address) \(error.reason)")
    }
}
