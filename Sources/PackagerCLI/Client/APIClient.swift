import FoundationEssentials
import HTTPTypes
import JSON
import Transfer

/// Packager's HTTP API as the commands use it. Entities are the documents that travel, so that nothing is lost of what a
/// newer server says.
struct APIClient: Sendable {
    let http: HTTPClient
    let address: ServerAddress

    init(_ options: ServerOptions) throws { try self.init(options.address) }

    init(_ address: ServerAddress) throws {
        http = try HTTPClient()
        self.address = address
    }

    /// All entities of a kind, page by page, each with its `kind`.
    func list<Kind: EntityKind>(_ kind: Kind.Type) async throws -> [JSONValue] {
        var entities: [JSONValue] = []
        let size = 500
        while true {
            let page = try await call(.get, "\(Kind.path)?size=\(size)&page=\(entities.count / size)").arrayValue ?? []
            entities += page.map { $0.with("kind", .string(Kind.kind)) }
            if page.count < size { return entities }
        }
    }

    /// One entity, with its `kind`.
    func get<Kind: EntityKind>(_ kind: Kind.Type, _ id: String, decrypted: Bool = false) async throws -> JSONValue {
        let path = "\(Kind.path)/\(id.percentEncoded)\(decrypted ? "/decrypted" : "")"
        return try await call(.get, path).with("kind", .string(Kind.kind))
    }

    func create(_ manifest: Manifest) async throws -> JSONValue {
        try await call(.post, manifest.kind.path, body: manifest.document)
    }

    func update(_ manifest: Manifest) async throws -> JSONValue {
        try await call(.put, manifest.kind.path, body: manifest.document)
    }

    /// What a manifest would come to; nothing changes.
    func preview(_ manifest: Manifest, isNew: Bool) async throws -> JSONValue {
        try await call(isNew ? .post : .put, manifest.kind.path + "?dryRun=true", body: manifest.document)
    }

    /// - Returns: what the server says about it.
    func delete(_ kind: any EntityKind.Type, _ id: String) async throws -> String {
        try await call(.delete, "\(kind.path)/\(id.percentEncoded)")["message"]?.stringValue
            ?? "\(kind.kind) \(id) was deleted"
    }

    /// Sends a request and gives the answer's document.
    ///
    /// - Throws: ``APIError`` for a status that is not of the 200s.
    func call(_ method: HTTPRequest.Method, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
        var request = request(method, path)
        if let body {
            request.headers[.contentType] = "application/json"
            request.body = .bytes(Array(try CanonicalJSON.encode(body)))
        }
        return try await answer(to: request)
    }

    func answer(to request: TransferRequest) async throws -> JSONValue {
        let response = try await reaching { try await http.send(request, limit: 256 << 20) }
        guard (200..<300).contains(response.head.status.code) else {
            throw APIError(response.head.status.code, response.body, from: address)
        }
        if response.body.isEmpty { return .null }
        do {
            return try CanonicalJSON.decode(from: Data(response.body))
        } catch {
            throw CommandError("\(address.url) does not answer with JSON; is it the address of a Packager server?")
        }
    }

    /// The answer's head, and its body as it comes.
    func stream(_ request: TransferRequest) async throws -> HTTPStreamedResponse {
        let response = try await reaching { try await http.stream(request) }
        guard (200..<300).contains(response.head.status.code) else {
            var body: [UInt8] = []
            for try await chunk in response.body where body.count < 1 << 20 { body += chunk }
            throw APIError(response.head.status.code, body, from: address)
        }
        return response
    }

    func request(_ method: HTTPRequest.Method, _ path: String) -> TransferRequest {
        var request = TransferRequest(method, url: address.url + path)
        if let token = address.token { request.headers[.authorization] = "Bearer \(token)" }
        return request
    }

    /// Says what to do when nobody answers.
    private func reaching<Value>(_ send: () async throws -> Value) async throws -> Value {
        do {
            return try await send()
        } catch let error as TransferError where [.refused, .cannotResolve, .cannotConnect].contains(error.code) {
            throw CommandError(
                "\(error); start a server there (packager serve), or name another with --url or: packager login --url URL"
            )
        }
    }
}

/// Which server, and the token for it.
struct ServerAddress: Sendable, Hashable {
    /// Without a slash at its end.
    var url: String
    var token: String?

    init(url: String, token: String?) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }
}

/// The server's refusal, in its own words.
struct APIError: Error, CustomStringConvertible {
    var status: Int
    var description: String

    init(_ status: Int, _ body: [UInt8], from server: ServerAddress) {
        self.status = status
        let message = (try? CanonicalJSON.decode(JSONValue.self, from: Data(body)))?["message"]?.stringValue
        if status == 401 {
            description =
                "Credentials are \(server.token == nil ? "missed" : "not correct") (\(server.url) answers 401); sign in with: packager login --url \(server.url) --token TOKEN"
        } else {
            description =
                message ?? "\(server.url) answers with the status \(status); is it the address of a Packager server?"
        }
    }
}

extension String {
    /// Everything escaped that is not unreserved. Source: RFC 3986, section 2.3.
    var percentEncoded: String {
        let kept = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        return utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return kept.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

extension JSONValue {
    /// The object with a member set; anything else as it is.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}
