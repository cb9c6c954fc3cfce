/// The output of a container without a terminal: frames of both streams, one after the other.
///
/// A frame is its stream (1 is standard output, 2 standard error), three zeros, the length of its content as a big-endian
/// number of four bytes, and the content. No frame is ever held whole, whatever its length says.
/// Source: Docker Engine API, "Attach to a container", section "Stream format".
struct LogFrames {
    /// What is wrong with a header.
    struct Malformed: Error { var reason: String }

    private static let headerSize = 8

    private var header: [UInt8] = []
    /// Bytes of the frame that are still to come.
    private var rest: UInt32 = 0
    private var stream: UInt8 = 0
    private var lines: [UInt8: TextLines] = [:]

    /// The lines that end in a chunk.
    mutating func take(_ chunk: [UInt8]) throws -> [String] {
        var output: [String] = []
        var chunk = chunk[...]
        while !chunk.isEmpty {
            if rest == 0 {
                let part = chunk.prefix(Self.headerSize - header.count)
                header += part
                chunk = chunk.dropFirst(part.count)
                if header.count == Self.headerSize { try begin() }
            } else {
                let part = chunk.prefix(Int(rest))
                rest -= UInt32(part.count)
                chunk = chunk.dropFirst(part.count)
                output += lines[stream, default: TextLines()].take(part)
            }
        }
        return output
    }

    /// The last lines, where they have no end.
    ///
    /// - Throws: ``Malformed`` when a frame was cut off.
    mutating func finish() throws -> [String] {
        let last = lines.keys.sorted().flatMap { lines[$0, default: TextLines()].finish() }
        guard rest == 0, header.isEmpty else { throw Malformed(reason: "a log that ends within a frame") }
        return last
    }

    private mutating func begin() throws {
        guard header[0] <= 3, header[1...3].allSatisfy({ $0 == 0 }) else {
            throw Malformed(reason: "a log that is not in frames")
        }
        stream = header[0]
        rest = header[4...].reduce(0) { $0 << 8 | UInt32($1) }
        header = []
    }
}
