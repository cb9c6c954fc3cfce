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
            throw APIError(.badRequest, message(for: error, in: document))
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

    private static func message(for error: DecodingError, in document: JSONValue) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(path(context.codingPath + [key])) is missing in the request body"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(path(context.codingPath)) must be \(name(of: type)), not \(kind(at: context.codingPath, in: document))"
        case .dataCorrupted(let context):
            "\(path(context.codingPath)) is not valid: \(context.debugDescription)"
        @unknown default:
            "the request body does not have the expected form"
        }
    }

    /// `spec.targets[0].name`
    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? "the document" : path
    }

    private static func kind(at keys: [any CodingKey], in document: JSONValue) -> String {
        var value: JSONValue? = document
        for key in keys { value = key.intValue.map { value?[$0] } ?? value?[key.stringValue] }
        return value?.kind ?? "null"
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        default:
            // Decoders name containers by types such as `Array<Any>` and `Dictionary<String, Any>`.
            String(describing: type).hasPrefix("Array") ? "a list" : "an object"
        }
    }
}

extension JSONValue {
    /// What the value is, with its article, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
