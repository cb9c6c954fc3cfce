package import FoundationEssentials

/// JSON whose bytes depend on the value alone: sorted keys, no white space, slashes as they are.
package enum CanonicalJSON {
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(value)
    }

    package static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: data)
    }
}

extension JSONValue {
    /// The value as JSON, through its own coding.
    package init(encoding value: some Encodable) throws {
        self = try CanonicalJSON.decode(from: CanonicalJSON.encode(value))
    }

    /// Decodes a value from this document.
    package func decode<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try CanonicalJSON.decode(type, from: CanonicalJSON.encode(self))
    }
}
