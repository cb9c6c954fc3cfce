import Archive
import FileSystem
import Subprocess
import SystemPackage
import Testing

@Suite struct TarSplitterTests {
    /// An entry as it came, with its contents.
    private struct Member: Equatable {
        var entry: TarSplitter.Entry
        var contents: [UInt8] = []
        var isWhole = false
    }

    private func members(of tar: [UInt8], chunk: Int) throws -> [Member] {
        var splitter = TarSplitter(name: "test.tar")
        var members: [Member] = []
        for start in stride(from: 0, to: tar.count, by: chunk) {
            try Array(tar[start..<min(start + chunk, tar.count)]).withUnsafeBytes { bytes in
                try splitter.take(bytes) { part in
                    switch part {
                    case .begin(let entry): members.append(Member(entry: entry))
                    case .bytes(let bytes): members[members.count - 1].contents += bytes
                    case .end: members[members.count - 1].isWhole = true
                    }
                }
            }
        }
        try splitter.finish()
        return members
    }

    /// By GNU tar, in each of its formats, and by our own writer.
    @Test(arguments: ["ustar", "pax", "gnu", "ours"], [1, 100, 512, 100_000])
    func findsWhatOthersHaveWritten(format: String, chunk: Int) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "splitter") { directory in
            let root = directory.appending("root")
            let long = format == "ustar" ? "long" : String(repeating: "long", count: 40)
            try root.appending("a/\(long)").createDirectories()
            try root.appending("a/\(long)/file").writeAtomically([UInt8](repeating: 7, count: 1500))
            try root.appending("empty").writeAtomically([])
            try root.appending("exact").writeAtomically([UInt8](repeating: 8, count: 1024))
            let made = try await run(
                .name("ln"),
                arguments: ["-s", "../a/\(long)", root.appending("link").string],
                output: .discarded
            )
            #expect(made.terminationStatus.isSuccess)
            var tar: [UInt8] = []
            if format == "ours" {
                for try await part in DirectoryTar([.init(root, below: "root")]) { tar += part }
            } else {
                let arguments = [
                    "--create", "--format", format, "--sort", "name", "--directory", directory.string, "root",
                ]
                let result = try await run(
                    .name("tar"),
                    arguments: Arguments(arguments),
                    output: .bytes(limit: 1 << 20)
                )
                tar = result.standardOutput
            }
            let found = try members(of: tar, chunk: chunk)
            #expect(!found.contains { !$0.isWhole })
            let files = found.filter { $0.entry.kind != .other }
            #expect(files.map(\.entry.path) == ["root/a/\(long)/file", "root/empty", "root/exact", "root/link"])
            #expect(files.map(\.contents.count) == [1500, 0, 1024, 0])
            #expect(files[2].contents.allSatisfy { $0 == 8 })
            #expect(files[3].entry.kind == .link(target: "../a/\(long)"))
        }
    }

    @Test func whatIsNotWholeIsDamaged() async throws {
        let tar = try sample()
        for end in stride(from: 0, to: tar.count - 1023, by: 100) {
            #expect(throws: ArchiveError.self) { try members(of: Array(tar[..<end]), chunk: 1000) }
        }
        #expect(try members(of: tar, chunk: 1000).count == 3)
    }

    /// Every byte changed once: an error or other entries, never a crash.
    @Test func hostileBytesEndInAnError() throws {
        let tar = try sample()
        for position in 0..<min(tar.count, 3000) {
            for byte: UInt8 in [0, 0x20, 0x38, 0x80, 0xff] {
                var changed = tar
                changed[position] = byte
                _ = try? members(of: changed, chunk: 512)
            }
        }
    }

    /// Sizes beyond what numbers hold, in all of their spellings.
    @Test(arguments: [
        Array("99999999999\0".utf8), Array("777777777777".utf8), [0x80] + [UInt8](repeating: 0xff, count: 11),
        [UInt8](repeating: 0xff, count: 12), Array("-0000000001\0".utf8), Array("0x000000001\0".utf8),
    ])
    func impossibleSizesAreRefused(size: [UInt8]) throws {
        var tar = try sample()
        tar.replaceSubrange(124..<136, with: size)
        var sum = 0
        for (offset, byte) in tar[..<512].enumerated() { sum += 148..<156 ~= offset ? 32 : Int(byte) }
        let digits = String(sum, radix: 8)
        let field = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
        tar.replaceSubrange(148..<156, with: Array(field.utf8))
        #expect(throws: ArchiveError.self) { try members(of: tar, chunk: 512) }
    }

    @Test(arguments: [
        "30 path=a", "0 path=a\n", "9999999 path=a\n", "x path=a\n", "8 pathx\n", "11 size=-1\n", "13 size=1e99\n",
    ])
    func recordsThatAreNoneAreRefused(record: String) throws {
        var bytes: [UInt8] = []
        var tar = try TarWriter(modified: 0) { bytes.append(contentsOf: $0) }
        try tar.addFile("PaxHeader", size: Int64(record.utf8.count), executable: false)
        try Array(record.utf8).withUnsafeBytes { try tar.write($0) }
        try tar.finish()
        // The type of a pax header in place of a file's, and the checksum with it.
        let sum = bytes[..<512].enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        let digits = String(sum - 0x30 + 0x78, radix: 8)
        bytes[156] = UInt8(ascii: "x")
        bytes.replaceSubrange(
            148..<156,
            with: Array((String(repeating: "0", count: 6 - digits.count) + digits + "\0 ").utf8)
        )
        #expect(throws: ArchiveError.self) { try members(of: bytes, chunk: 512) }
    }

    private func sample() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var tar = try TarWriter(modified: 0) { bytes.append(contentsOf: $0) }
        try tar.addFile("one", size: 700, executable: false)
        try [UInt8](repeating: 1, count: 700).withUnsafeBytes { try tar.write($0) }
        try tar.addFile(String(repeating: "two/", count: 60), size: 0, executable: false)
        try tar.addSymbolicLink("three", target: "one")
        try tar.finish()
        return bytes
    }
}
