import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

/// A document that is refused, and the sentence that says why.
struct Refusal: Sendable, CustomTestStringConvertible {
    /// Without the prefix that all refusals of the entity have.
    var message: String
    /// Takes the place of the valid document's.
    var id: JSONValue
    /// Members of the spec that take the place of the valid document's; null takes one away.
    var spec: [String: JSONValue]

    init(_ message: String, id: JSONValue? = nil, _ spec: [String: JSONValue] = [:]) {
        self.message = message
        self.id = id ?? "wine"
        self.spec = spec
    }

    var testDescription: String { message.isEmpty ? "nothing" : message }

    /// The valid document with what is wrong in it.
    func document(from valid: [String: JSONValue]) -> JSONValue {
        ["id": id, "spec": .object(valid.merging(spec) { $1 }.filter { $0.value != .null })]
    }
}

extension TestClientProtocol {
    /// Holds that a document can neither be created nor replace another one, under each path.
    func expectRefusal(
        _ document: JSONValue,
        at paths: [String],
        _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let body = String(decoding: try CanonicalJSON.encode(document), as: UTF8.self)
        for path in paths {
            let created = try await send(.post, path, body: body)
            #expect(created.status == 400, sourceLocation: sourceLocation)
            #expect(created.json == ["message": .string(message)], sourceLocation: sourceLocation)
            let replaced = try await send(.put, path, body: body)
            #expect(replaced.status == 400 && replaced.text == created.text, sourceLocation: sourceLocation)
        }
    }

    /// Creates what a test needs.
    func create(_ path: String, _ document: JSONValue) async throws {
        let reply = try await send(.post, path, body: String(decoding: CanonicalJSON.encode(document), as: UTF8.self))
        try #require(reply.status == 201, "\(reply.text)")
    }
}
