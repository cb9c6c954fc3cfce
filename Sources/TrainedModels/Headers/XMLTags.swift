/// The tags of an XML file, one after the other, with the text before each. Tolerant: what is no tag is passed over.
struct XMLTags {
    struct Tag {
        var name = ""
        var attributes: [String: String] = [:]
        /// `</name>`.
        var isEnd = false
        /// `<name/>`.
        var isEmpty = false
        /// What stands between the tag before and this one.
        var text = ""
    }

    /// Bytes of a tag or text.
    private static let maximumLength = 1 << 20

    private let file: BlockFile
    private var position: Int64 = 0

    init(_ file: BlockFile) { self.file = file }

    /// Nil at the end of the file.
    mutating func next() throws -> Tag? {
        while true {
            guard let text = try read(until: UInt8(ascii: "<"), quoted: false) else { return nil }
            guard let content = try read(until: UInt8(ascii: ">"), quoted: true) else { return nil }
            guard let first = content.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") else { continue }
            var tag = Self.tag(String(decoding: content, as: UTF8.self))
            tag.text = String(decoding: text, as: UTF8.self)
            return tag
        }
    }

    private mutating func read(until end: UInt8, quoted: Bool) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        var quote: UInt8?
        while let byte = try file.byte(at: position) {
            position += 1
            if quote == nil, byte == end { return bytes }
            if quoted, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), quote == nil || quote == byte {
                quote = quote == nil ? byte : nil
            }
            guard bytes.count < Self.maximumLength else { throw file.damage("an XML tag has no end", at: position) }
            bytes.append(byte)
        }
        return nil
    }

    private static func tag(_ content: String) -> Tag {
        var tag = Tag()
        var rest = content[...]
        if rest.first == "/" {
            tag.isEnd = true
            rest.removeFirst()
        }
        if rest.last == "/" {
            tag.isEmpty = true
            rest.removeLast()
        }
        let name = rest.prefix { !$0.isWhitespace }
        tag.name = String(name)
        rest = rest[name.endIndex...]
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].trimmed
            rest = rest[rest.index(after: equals)...].drop(while: \.isWhitespace)
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            rest.removeFirst()
            guard let end = rest.firstIndex(of: quote) else { break }
            tag.attributes[key] = unescaped(String(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return tag
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
