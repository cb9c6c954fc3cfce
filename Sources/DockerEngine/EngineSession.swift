import HTTPTypes
import JSON
package import SystemPackage
import Transfer

/// An engine in the version of the API that was agreed on.
package struct EngineSession: Sendable {
    package let engine: DockerEngine
    package let version: EngineVersion

    /// An engine may be silent for as long as a step works; cancellation ends the waiting.
    static let patience = Duration.seconds(24 * 3600)

    /// Builds an image of a context, a tar with a `Dockerfile` at its root.
    ///
    /// Cancelling ends the build: the engine stops the step that it is at.
    ///
    /// - Parameter report: is given the engine's log line by line, as it comes.
    /// - Returns: the image's id.
    /// - Throws: ``EngineError``, and what the context throws.
    package func build(
        _ request: BuildRequest,
        context: any AsyncSequence<[UInt8], any Error> & Sendable,
        report: @Sendable (String) -> Void
    ) async throws -> String {
        var call = call(.post, "/build?\(try request.query())", body: .stream(context, length: nil))
        call.headers[.contentType] = "application/x-tar"
        if !request.credentials.isEmpty, let name = HTTPField.Name("X-Registry-Config") {
            call.headers[name] = try EngineCredential.header(request.credentials)
        }
        var progress = BuildProgress()
        try await follow(call) { message in
            for line in try progress.take(message) { report(line) }
        }
        for line in progress.finish() { report(line) }
        guard let id = try await imageID(of: request.name) else {
            throw engine.malformed("the end of a build, and no image has come of it")
        }
        return id
    }

    /// An image as `docker save` writes it: a tar.
    package func export(_ name: String) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable {
        let answer = try await transferring {
            try await engine.http.stream(call(.get, "/images/\(Self.path(name))/get"))
        }
        guard answer.head.status == .ok else { throw try await refusal(answer) }
        return answer.body
    }

    /// Takes in an image, an archive as `docker save` writes it, under the names in it.
    package func load(_ archive: FilePath, size: Int64) async throws {
        var call = call(.post, "/images/load?quiet=1", body: .file(archive, offset: 0, length: size))
        call.headers[.contentType] = "application/x-tar"
        try await follow(call) { message in
            if let error = message["errorDetail"]?["message"]?.stringValue ?? message["error"]?.stringValue {
                throw EngineError(
                    .refused,
                    "the Docker engine at \(engine.address) cannot take the base image in: \(PlainText.line(error))"
                )
            }
        }
    }

    /// Takes a name away, and with its last name the image; steps that later builds can go on from stay. One that there
    /// is not is fine.
    package func remove(_ name: String) async throws {
        var call = call(.delete, "/images/\(Self.path(name))?noprune=1")
        call.idleTimeout = .seconds(60)
        let answer = try await transferring { try await engine.http.send(call) }
        guard answer.head.status.kind == .successful || answer.head.status == .notFound else {
            throw engine.refusal(answer.head.status.code, answer.body)
        }
    }

    /// The id of an image; nil where there is none of this name.
    package func imageID(of name: String) async throws -> String? { try await image(name)?.id }

    func call(_ method: HTTPRequest.Method, _ target: String, body: HTTPBody = .none) -> TransferRequest {
        var request = engine.request(method, "/v\(version)\(target)", body: body)
        request.idleTimeout = Self.patience
        request.responseTimeout = Self.patience
        return request
    }

    /// Reads an answer object by object, to its end.
    func follow(_ call: TransferRequest, _ receive: (JSONValue) throws -> Void) async throws {
        try await transferring {
            let answer = try await engine.http.stream(call)
            guard answer.head.status == .ok else { throw try await refusal(answer) }
            var lines = JSONLines()
            do {
                for try await chunk in answer.body {
                    for message in try lines.take(chunk) { try receive(message) }
                }
                if let message = try lines.finish() { try receive(message) }
            } catch let error as JSONLines.Malformed {
                throw engine.malformed(error.reason)
            }
        }
    }

    func transferring<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as TransferError {
            throw engine.broken(error)
        }
    }

    func refusal(_ answer: HTTPStreamedResponse) async throws -> EngineError {
        var body: [UInt8] = []
        for try await chunk in answer.body {
            body += chunk
            if body.count > 1 << 16 { break }
        }
        return engine.refusal(answer.head.status.code, body)
    }

    /// A name in a path: its slashes stay, the engine knows where the name ends.
    static func path(_ name: String) -> String {
        name.split(separator: "/", omittingEmptySubsequences: false).map { String($0).queryEncoded }.joined(
            separator: "/"
        )
    }
}
