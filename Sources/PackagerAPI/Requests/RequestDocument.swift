import FoundationEssentials
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension Request {
    /// The body as JSON.
    ///
    /// - Throws: ``APIError``: `documentTooLarge` for more than `limit` bytes, `badRequest` for what is no JSON.
    func document(limit: Int) async throws -> JSONValue {
        let tooLarge = APIError(
            .documentTooLarge,
            "the request body is larger than the \(limit) bytes that are allowed; upload files with PUT /artifact/{name}"
        )
        if let length = headers[.contentLength].flatMap({ Int64($0) }), length > limit { throw tooLarge }
        var bytes = Data()
        for try await buffer in body {
            guard bytes.count + buffer.readableBytes <= limit else { throw tooLarge }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        guard !bytes.isEmpty else { throw APIError(.badRequest, "the request body is empty; send a JSON object") }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: bytes)
        } catch {
            throw APIError(.badRequest, "the request body is not JSON\(RequestDocument.place(of: error))")
        }
    }
}

enum RequestDocument {
    /// - Throws: ``APIError`` that says which member is wrong and what it should be.
    static func decode<Value: Decodable>(_ type: Value.Type, from document: JSONValue) throws -> Value {
        do {
            return try document.decode(as: type)
        } catch let error as DecodingError {
            throw APIError(.badRequest, error.explanation(in: document))
        }
    }

    /// `: ` and what the JSON reader says of a syntax error, where it says something.
    static func place(of error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context)? = error as? DecodingError else { return "" }
        guard let cause = context.underlyingError else { return "" }
        // "Unexpected character 'x' around line 1, column 2.": the last sentence in the reader's description.
        let text = String(describing: cause)
        guard let range = text.firstRange(of: "NSDebugDescription=") else { return "" }
        return ": " + text[range.upperBound...].prefix { $0 != "}" && $0 != "." }
    }
}
