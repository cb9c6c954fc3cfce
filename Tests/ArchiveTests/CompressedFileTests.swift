import Archive
import FileSystem
import SystemPackage
import Testing

/// Single files in joblib's compressions, made by Python itself; the fixtures of the models have one of lz4, too.
struct CompressedFileTests {
    /// Each with an expression of Python's that makes it of `data`, the beginning of a pickle and 3 MiB.
    private static let writers: [(CompressedFile.Compression, String)] = [
        (.zlib, "__import__('zlib').compress(data)"), (.gzip, "gzip.compress(data)"), (.bzip2, "bz2.compress(data)"),
        (.xz, "lzma.compress(data)"), (.lzma, "lzma.compress(data, lzma.FORMAT_ALONE)"),
    ]

    private static let content: [UInt8] = [0x80, 4] + Array(repeating: 7, count: 3 << 20)

    private func withCompressed(
        _ expression: String,
        _ body: (FilePath) throws -> Void
    ) async throws {
        let script = """
            data = b"\\x80\\x04" + b"\\x07" * (3 << 20)
            open("archive", "wb").write(\(expression))
            """
        try await withArchive(script) { path, _ in try body(path) }
    }

    @Test(arguments: writers)
    func contentIsWhatWentIn(compression: CompressedFile.Compression, expression: String) async throws {
        try await withCompressed(expression) { path in
            #expect(CompressedFile.Compression(try path.readAll()) == compression)
            var content: [UInt8] = []
            try CompressedFile(path, compression).forEachBlock(limit: .max) { block in
                content.append(contentsOf: block)
                return true
            }
            #expect(content == Self.content)
        }
    }

    @Test(arguments: writers)
    func readingStopsWhereItIsTold(compression: CompressedFile.Compression, expression: String) async throws {
        try await withCompressed(expression) { path in
            var blocks = 0
            try CompressedFile(path, compression).forEachBlock(limit: .max) { _ in
                blocks += 1
                return false
            }
            #expect(blocks == 1)
            var bytes = 0
            try CompressedFile(path, compression).forEachBlock(limit: 1) { block in
                bytes += block.count
                return true
            }
            #expect((1..<Self.content.count).contains(bytes))
        }
    }

    @Test(arguments: writers)
    func aCutIsDamage(compression: CompressedFile.Compression, expression: String) async throws {
        try await withCompressed("\(expression)[:-9]") { path in
            let error = #expect(throws: ArchiveError.self) {
                try CompressedFile(path, compression).forEachBlock(limit: .max) { _ in true }
            }
            #expect(error?.code == .damaged, "\(String(describing: error))")
        }
    }

    @Test(arguments: [
        [], [0x78], [0x78, 0x9d], [0x80, 4], Array("y = 1".utf8), [0x50, 0x4b, 3, 4], [0x28, 0xb5, 0x2f, 0xfd],
    ])
    func otherBytesPromiseNothing(head: [UInt8]) { #expect(CompressedFile.Compression(head) == nil) }
}
