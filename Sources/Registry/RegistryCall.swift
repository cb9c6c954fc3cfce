import HTTPTypes
import Logging
import Transfer

/// One request of the protocol before it has a scheme and credentials.
struct RegistryCall: Sendable {
    enum Target: Sendable {
        /// Below the registry's own root: `/v2/…`.
        case path(String)
        /// Where the registry sent us.
        case url(HTTPURL)
    }

    var method: HTTPRequest.Method
    var target: Target
    var scopes: [TokenScope]
    var headers: HTTPFields = [:]
    var body: HTTPBody = .none
    /// What is attempted, for messages: "push a blob to team/app".
    var operation: String

    /// Whether the body can be sent a second time.
    var isRepeatable: Bool {
        if case .stream = body { false } else { true }
    }
}

/// An answer, whole or still to come.
protocol RegistryAnswer: Sendable {
    var head: HTTPResponse { get }
}

extension HTTPBufferedResponse: RegistryAnswer {}
extension HTTPStreamedResponse: RegistryAnswer {}

extension RegistryClient {
    /// The one door for every request: authenticates, sends, and once more with new credentials when the old ones are
    /// refused. Retries of other failures belong here.
    ///
    /// - Returns: the answer, whatever its status, and where the credentials that were sent come from.
    func attempt<Answer: RegistryAnswer>(
        _ call: RegistryCall,
        _ host: RegistryHost,
        _ send: (TransferRequest) async throws -> Answer
    ) async throws -> (answer: Answer, credentialSource: String?) {
        let session = try await authenticator.session(host)
        let url =
            switch call.target {
            case .path(let path): try session.base.resolving(path)
            case .url(let url): url
            }
        // Another origin (a store that the registry hands uploads to) has its own signature in the URL.
        let isOwn = url.hasSameOrigin(as: session.base)
        var request = TransferRequest(call.method, url: url.text, headers: call.headers, body: call.body)
        var isLast = !isOwn || !call.isRepeatable
        while true {
            let grant = isOwn ? try await authenticator.grant(host, call.scopes) : Authenticator.Grant()
            request.headers[.authorization] = grant.header
            let answer: Answer
            do {
                answer = try await send(request)
            } catch let error as TransferError {
                throw RegistryError(error, registry: host.name)
            }
            logger.debug(
                "registry answered",
                metadata: [
                    "registry": "\(host.name)", "method": "\(call.method)", "path": "\(url.path)",
                    "status": "\(answer.head.status.code)",
                ]
            )
            guard answer.head.status.code == 401, isOwn else { return (answer, grant.source) }
            let challenges = AuthenticationChallenge.parse(answer.head.headerFields[values: .wwwAuthenticate])
            authenticator.discard(grant, host, call.scopes, challenges: challenges)
            if isLast { return (answer, grant.source) }
            isLast = true
        }
    }

    /// Sends a call and gives its whole answer when the status is one of those expected.
    func send(_ call: RegistryCall, _ host: RegistryHost, expecting statuses: Set<Int>) async throws
        -> HTTPBufferedResponse
    {
        let limit = options.manifestLimit
        let (response, source) = try await attempt(call, host) { try await http.send($0, limit: limit) }
        guard statuses.contains(response.head.status.code) else {
            throw RegistryError(response, registry: host.name, operation: call.operation, credentialSource: source)
        }
        return response
    }
}
