import Testing

@testable import DockerEngine

@Suite struct LogFramesTests {
    /// One frame: its stream, its length as it is written, and its content.
    private static func frame(_ stream: UInt8, _ text: String, length: UInt32? = nil) -> [UInt8] {
        let length = length ?? UInt32(text.utf8.count)
        return [stream, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + Array(text.utf8)
    }

    /// Whatever the pieces are that it comes in.
    @Test(arguments: [1, 2, 3, 7, 8, 9, 13, 1000]) func streamsAreKeptApart(size: Int) throws {
        var bytes = Self.frame(1, "one ") + Self.frame(2, "wrong\nagain") + Self.frame(1, "line\n\ntwo\n")
        bytes += Self.frame(1, "") + Self.frame(2, "\n") + Self.frame(1, "unended")
        var frames = LogFrames()
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += try frames.take(Array(bytes[start..<min(bytes.count, start + size)]))
        }
        lines += try frames.finish()
        #expect(lines == ["wrong", "one line", "two", "again", "unended"])
    }

    /// Bytes that are no log, and words of what is said of them.
    @Test(
        arguments: [
            (Array("plain text, no frames".utf8), "not in frames"), ([4, 0, 0, 0, 0, 0, 0, 1, 65], "not in frames"),
            ([1, 0, 1, 0, 0, 0, 0, 1, 65], "not in frames"), ([1, 0, 0], "within a frame"),
            (frame(1, "short", length: 6), "within a frame"), (frame(1, "x", length: .max), "within a frame"),
        ] as [([UInt8], String)]
    )
    func whatIsNoLogIsRefused(bytes: [UInt8], words: String) {
        var frames = LogFrames()
        let error = #expect(throws: LogFrames.Malformed.self) {
            _ = try frames.take(bytes)
            _ = try frames.finish()
        }
        #expect(error?.reason.contains(words) == true)
    }

    @Test func anEmptyLogHasNoLines() throws {
        var frames = LogFrames()
        #expect(try frames.take([]) == [])
        #expect(try frames.finish() == [])
    }

    /// Frames of no length make no progress, and do no harm.
    @Test func emptyFramesAreNothing() throws {
        var frames = LogFrames()
        let empty = Self.frame(1, "")
        #expect(try frames.take((0..<1000).flatMap { _ in empty }) == [])
        #expect(try frames.finish() == [])
    }
}

@Suite struct TextLinesTests {
    @Test(
        arguments: [
            (["a\nb"], ["a", "b"]), (["a", "b\n", "\n\n"], ["ab"]), (["\u{1b}[31mred\u{1b}[0m\n"], ["red"]),
            (["10 %\r", "50 %\r99 %\n"], ["99 %"]), ([], []), (["ü".utf8.map { String(UnicodeScalar($0)) }[0]], ["Ã"]),
        ] as [([String], [String])]
    )
    func linesEndWhereTheyEnd(chunks: [String], expected: [String]) {
        var lines = TextLines()
        #expect(chunks.flatMap { lines.take(Array($0.utf8)) } + lines.finish() == expected)
    }

    /// Of a line without an end no more is kept than is shown, or a progress bar's last state.
    @Test func aLineThatDoesNotEndIsCut() {
        var lines = TextLines()
        for _ in 0..<1000 { #expect(lines.take([UInt8](repeating: 0x61, count: 4096)) == []) }
        #expect(lines.take(Array("\nnext\n".utf8)).map(\.count) == [2000, 4])
        for step in 0..<10_000 { #expect(lines.take(Array("\r\(step) of 10000 bytes".utf8)) == []) }
        #expect(lines.finish() == ["9999 of 10000 bytes"])
    }
}
