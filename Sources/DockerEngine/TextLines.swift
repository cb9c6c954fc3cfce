/// What a program writes, as lines for a log, while it comes: in chunks that end anywhere.
package struct TextLines: Sendable {
    /// Bytes that are kept of a line which does not end.
    static let limit = 16 << 10

    private var line: [UInt8] = []

    package init() {}

    /// The lines that end in a chunk, without what was meant for a terminal; empty ones are left out.
    package mutating func take(_ chunk: some Collection<UInt8>) -> [String] {
        var lines: [String] = []
        var rest = chunk[...]
        while let end = rest.firstIndex(of: 0x0a) {
            gather(rest[..<end])
            lines += finish()
            rest = rest[rest.index(after: end)...]
        }
        gather(rest)
        return lines
    }

    /// The last line, if it has no end.
    package mutating func finish() -> [String] {
        defer { line = [] }
        let text = PlainText.line(String(decoding: line, as: UTF8.self))
        return text.isEmpty ? [] : [text]
    }

    private mutating func gather(_ bytes: some Collection<UInt8>) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let part = bytes.prefix(Self.limit)
            bytes = bytes.dropFirst(part.count)
            line.append(contentsOf: part)
            guard line.count > Self.limit else { continue }
            // Of a progress bar the last state counts, of any other line the beginning.
            if let last = line.dropLast().lastIndex(of: 0x0d) { line.removeFirst(last + 1) }
            line.removeLast(max(0, line.count - Self.limit))
        }
    }
}
