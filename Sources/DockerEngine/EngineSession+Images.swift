import HTTPTypes
import JSON
import Transfer

/// An image that an engine has.
package struct EngineImage: Sendable, Hashable {
    package var id: String
    /// As its configuration says it: `USER[:GROUP]`, by name or number; "" for root.
    package var user: String
}

extension EngineSession {
    /// Nil where there is none of this name.
    package func image(_ name: String) async throws -> EngineImage? {
        let answer = try await transferring {
            try await engine.http.send(call(.get, "/images/\(Self.path(name))/json"))
        }
        if answer.head.status == .notFound { return nil }
        let document = try engine.json(of: answer)
        guard let id = document["Id"]?.stringValue else { throw engine.malformed("no image id") }
        return EngineImage(id: id, user: document["Config"]?["User"]?.stringValue ?? "")
    }

    /// Makes the engine pull an image from its registry.
    ///
    /// - Parameters:
    ///   - repository: with the registry's host.
    ///   - selector: a tag or a digest.
    ///   - report: is given what the engine says, line by line.
    package func pull(
        _ repository: String,
        _ selector: String,
        credential: EngineCredential?,
        report: @Sendable (String) -> Void
    ) async throws {
        let query = "fromImage=\(repository.queryEncoded)&tag=\(selector.queryEncoded)"
        var call = call(.post, "/images/create?\(query)")
        if let credential, let name = HTTPField.Name("X-Registry-Auth") {
            call.headers[name] = try credential.header
        }
        var progress = BuildProgress()
        try await follow(call) { message in
            if let error = message["errorDetail"]?["message"]?.stringValue ?? message["error"]?.stringValue {
                throw EngineError(
                    .refused,
                    "the Docker engine at \(engine.address) cannot pull \(repository) (\(selector)): \(PlainText.line(error))"
                )
            }
            for line in try progress.take(message) { report(line) }
        }
    }
}
