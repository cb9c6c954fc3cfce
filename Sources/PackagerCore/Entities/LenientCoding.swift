import FoundationEssentials
import JSON

// Clients send explicit nulls for every field they do not set, and numbers where the schema has strings (YAML `cpu: 1`).
extension KeyedDecodingContainer {
    /// A string, or a number or boolean as its text; nil when absent or null.
    func text(_ key: Key) throws -> String? {
        try decodeIfPresent(LenientText.self, forKey: key)?.text
    }

    /// Strings by their names, without those that are null; nil when absent or null.
    func texts(_ key: Key) throws -> [String: String]? {
        try decodeIfPresent([String: LenientText?].self, forKey: key)?.compactMapValues { $0?.text }
    }

    /// A list whose null entries are left out; nil when absent or null.
    func list<Element: Decodable>(_ key: Key) throws -> [Element]? {
        try decodeIfPresent([Element?].self, forKey: key)?.compactMap { $0 }
    }

    /// RFC 3339; nil when absent, null or not a date, since servers own all times.
    func date(_ key: Key) throws -> Date? {
        try decodeIfPresent(JSONValue.self, forKey: key)?.stringValue.flatMap(RFC3339.parse)
    }
}

/// A string, or a number or boolean as its text.
private struct LenientText: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        switch try container.decode(JSONValue.self) {
        case .string(let text): self.text = text
        case .integer(let integer): text = String(integer)
        case .number(let number): text = Int64(exactly: number).map(String.init) ?? String(number)
        case .bool(let bool): text = String(bool)
        case .null, .array, .object:
            throw DecodingError.typeMismatch(
                String.self,
                .init(codingPath: container.codingPath, debugDescription: "a string is expected")
            )
        }
    }
}

extension KeyedEncodingContainer {
    mutating func encode(date: Date?, forKey key: Key) throws {
        try encodeIfPresent(date.map(RFC3339.format), forKey: key)
    }
}
