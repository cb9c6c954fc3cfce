import FoundationEssentials
import JSON

/// The answer of an engine that tells what it does while it does it: a JSON object a line.
struct JSONLines {
    /// Bytes of a line.
    static let limit = 1 << 20

    private var buffer: [UInt8] = []

    /// What is wrong with a line.
    struct Malformed: Error { var reason: String }

    /// The objects of the lines that end in a chunk.
    mutating func take(_ chunk: [UInt8]) throws -> [JSONValue] {
        var values: [JSONValue] = []
        var rest = chunk[...]
        while let end = rest.firstIndex(of: 0x0a) {
            buffer += rest[..<end]
            rest = rest[(end + 1)...]
            if let value = try takeLine() { values.append(value) }
        }
        buffer += rest
        guard buffer.count <= Self.limit else { throw Malformed(reason: "a line of more than \(Self.limit) bytes") }
        return values
    }

    /// The object of a last line without an end.
    mutating func finish() throws -> JSONValue? { try takeLine() }

    private mutating func takeLine() throws -> JSONValue? {
        let line = buffer
        buffer = []
        guard line.contains(where: { $0 > 0x20 }) else { return nil }
        guard let value = try? CanonicalJSON.decode(JSONValue.self, from: Data(line)), value.objectValue != nil else {
            let text = PlainText.line(String(decoding: line.prefix(200), as: UTF8.self))
            throw Malformed(reason: "\"\(text)\", which is not what it should say")
        }
        return value
    }
}
