import Archive
import Glibc
import Testing

@Suite struct TarWriterTests {
    private static let names = [
        "plain.txt", "модель/веса.bin", "é/é", "😀", String(repeating: "long/", count: 60) + "name", "a b\nc",
    ]

    /// The bytes of a tar with every kind of entry.
    private static func sample() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try withTar({ bytes.append(contentsOf: $0) }) { tar in
            try tar.addDirectory("каталог")
            for name in names {
                try tar.addFile(name, size: 3, executable: name == "plain.txt")
                try [UInt8]("abc".utf8).withUnsafeBytes { try tar.write($0) }
            }
            try tar.addSymbolicLink("ссылка", target: "модель/веса.bin")
        }
        return bytes
    }

    private static func withTar(
        modified: Int64 = 0,
        _ sink: @escaping (UnsafeRawBufferPointer) throws -> Void,
        _ body: (inout TarWriter) throws -> Void
    ) throws {
        var tar = try TarWriter(modified: modified, sink: sink)
        try body(&tar)
        try tar.finish()
    }

    @Test("equal bytes in every locale", arguments: ["C", "POSIX", "C.UTF-8"])
    func locale(name: String) throws {
        let expected = try Self.sample()
        let locale = try #require(newlocale(1 << LC_CTYPE, name, nil))
        let previous = uselocale(locale)
        defer {
            uselocale(previous)
            freelocale(locale)
        }
        #expect(try Self.sample() == expected)
        #expect(!contains(expected, "hdrcharset"))
        for name in Self.names { #expect(contains(expected, name)) }
    }

    @Test func headersHoldNothingOfThisMachine() throws {
        var bytes: [UInt8] = []
        try Self.withTar(modified: 1_700_000_000, { bytes.append(contentsOf: $0) }) { tar in
            try tar.addDirectory("d")
            try tar.addFile("d/f", size: 0, executable: false)
            try tar.addFile("d/x", size: 0, executable: true)
            try tar.addSymbolicLink("l", target: "d/f")
        }
        // Four headers and two zero blocks, nothing more.
        #expect(bytes.count == 6 * 512)
        func field(_ header: Int, _ offset: Int, _ count: Int) -> String {
            let field = bytes[(header * 512 + offset)..<(header * 512 + offset + count)]
            return String(decoding: field.prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
        }
        #expect((0..<4).map { field($0, 0, 100) } == ["d/", "d/f", "d/x", "l"])
        #expect((0..<4).map { field($0, 100, 8) } == ["000755", "000644", "000755", "000777"])
        #expect((0..<4).map { field($0, 108, 8) + field($0, 116, 8) } == Array(repeating: "000000000000", count: 4))
        #expect((0..<4).map { field($0, 136, 12) } == Array(repeating: String(1_700_000_000, radix: 8), count: 4))
        #expect((0..<4).map { field($0, 156, 1) } == ["5", "0", "0", "2"])
        #expect((0..<4).map { field($0, 265, 64) } == ["", "", "", ""])
    }

    @Test func filesOver8GiB() throws {
        let size: Int64 = 9 << 30
        var start: [UInt8] = []
        var total: Int64 = 0
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 20, alignment: 4096)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 0)
        try Self.withTar({ bytes in
            if total < 4096 { start.append(contentsOf: bytes.prefix(4096)) }
            total += Int64(bytes.count)
        }) { tar in
            try tar.addFile("weights", size: size, executable: false)
            for _ in 0..<(size / Int64(block.count)) { try tar.write(UnsafeRawBufferPointer(block)) }
        }
        #expect(contains(start, "size=\(size)"))
        // A pax header with its data, the header, the file, the end.
        #expect(total == 3 * 512 + size + 1024)
    }

    @Test func fileBytesArriveWhereTheyLie() throws {
        var addresses: Set<UnsafeRawPointer> = []
        let bytes = [UInt8](repeating: 7, count: 100_000)
        try bytes.withUnsafeBytes { bytes in
            try Self.withTar({ $0.baseAddress.map { _ = addresses.insert($0) } }) { tar in
                try tar.addFile("f", size: Int64(bytes.count), executable: false)
                try tar.write(bytes)
            }
            #expect(bytes.baseAddress.map(addresses.contains) == true)
        }
    }

    @Test("a file that is not as long as it says is refused", arguments: [0, 1, 99, 101])
    func wrongSize(count: Int) throws {
        var bytes = 0
        let error = #expect(throws: TarWriterError.self) {
            try Self.withTar({ bytes += $0.count }) { tar in
                try tar.addFile("short", size: 100, executable: false)
                try [UInt8](repeating: 1, count: count).withUnsafeBytes { try tar.write($0) }
                try tar.addDirectory("next")
            }
        }
        #expect(error?.code == .wrongSize)
        #expect(error?.path == "short")
        // Neither padded nor ended as if nothing had happened.
        #expect(bytes < 1024)
    }

    @Test func errorOfTheSinkComesThrough() throws {
        struct Full: Error {}
        var calls = 0
        #expect(throws: Full.self) {
            try Self.withTar({ _ in
                calls += 1
                if calls > 1 { throw Full() }
            }) { tar in
                for number in 0..<10 { try tar.addFile("\(number)", size: 0, executable: false) }
            }
        }
    }

    @Test func namesThatAreNone() throws {
        for name in ["", "a\0b"] {
            let error = #expect(throws: TarWriterError.self) {
                try Self.withTar({ _ in }) { try $0.addDirectory(name) }
            }
            #expect(error?.code == .invalidName)
        }
    }

    private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return bytes.indices.dropLast(wanted.count - 1).contains {
            bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted)
        }
    }
}
