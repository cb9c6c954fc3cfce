import Testing

@testable import CondaLayers

struct PrefixReplacementTests {
    private func replaced(_ text: String, _ mode: PrefixReplacement.Mode, by prefix: String = "/opt", piece: Int) throws
        -> String
    {
        var replacement = try PrefixReplacement("/placeholder", by: prefix, in: mode, of: "file")
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { part in
                replacement.feed(part) { output.append(contentsOf: $0) }
            }
        }
        replacement.finish { output.append(contentsOf: $0) }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func textIsReplacedWhereverAPieceEnds(piece: Int) throws {
        let text = "#!/placeholder/bin/python\n/placeholde /placeholder/placeholder/place"
        #expect(try replaced(text, .text, piece: piece) == "#!/opt/bin/python\n/placeholde /opt/opt/place")
        #expect(try replaced("", .text, piece: piece) == "")
        let longer = "/a/prefix/that/is/longer"
        #expect(try replaced("x/placeholder/y", .text, by: longer, piece: piece) == "x\(longer)/y")
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func programsKeepTheirOffsets(piece: Int) throws {
        let zeros = String(repeating: "\0", count: 8)
        let program = "ELF\0/placeholder/lib:/placeholder/x\0next\0/placeholder/end"
        let expected = "ELF\0/opt/lib:/opt/x\0\(zeros)\(zeros)next\0/opt/end\(zeros)"
        #expect(try replaced(program, .binary, piece: piece) == expected)
        #expect(expected.utf8.count == program.utf8.count)
    }

    @Test func aProgramHasNoRoomForALongerPrefix() {
        let error = #expect(throws: CondaError.self) {
            try PrefixReplacement("/short", by: "/opt/conda", in: .binary, of: "bin/x")
        }
        #expect(error?.code == .prefixTooLong)
        #expect(throws: CondaError.self) { try PrefixReplacement("", by: "/opt", in: .text, of: "bin/x") }
    }
}
