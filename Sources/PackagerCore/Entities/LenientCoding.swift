import FoundationEssentials
import JSON

// Clients send explicit nulls for every field they do not set, and numbers where the schema has strings (YAML `cpu: 1`).
extension KeyedDecodingContainer {
    /// A string, or a number or boolean as its text; nil when absent or null.
    func text(_ key: Key) throws -> String? {
        switch try decodeIfPresent(JSONValue.self, forKey: key) {
        case nil, .null: return nil
        case .string(let text): return text
        case .integer(let integer): return String(integer)
        case .number(let number): return Int64(exactly: number).map(String.init) ?? String(number)
        case .bool(let bool): return String(bool)
        case .array, .object:
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "a string is expected")
        }
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

extension KeyedEncodingContainer {
    mutating func encode(date: Date?, forKey key: Key) throws {
        try encodeIfPresent(date.map(RFC3339.format), forKey: key)
    }
}
