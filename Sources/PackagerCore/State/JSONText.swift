import FoundationEssentials
import JSON

/// A value as the JSON text of a database column.
func encodeText(_ value: some Encodable) throws -> String {
    String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
}

func decodeText<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try CanonicalJSON.decode(type, from: Data(text.utf8))
}
