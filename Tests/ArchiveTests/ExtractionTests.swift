import FileSystem
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import Archive

struct ExtractionTests {
    static let content = """
        files = [member("./model/weights.bin", b"w" * 3000000), member("model/run", b"#!", mode=0o6777),
                 member("modél/日本.txt", "é".encode())]
        """
    static let expected = [
        "d mod\u{e9}l", "d model", "f model/weights.bin 3000000", "f modél/日本.txt 2", "x model/run 2",
    ].sorted()

    @Test(arguments: [
        "tar('archive', *files)",
        "tar('archive', *files, format=tarfile.GNU_FORMAT)",
        "tar('archive', *files, mode='w:gz')",
        "tar('archive', *files, mode='w:bz2')",
        "tar('archive', *files, mode='w:xz')",
        "tar('plain', *files); os.system('zstd -q plain -o archive')",
        // Two gzip members make one stream.
        "tar('plain', *files); d = open('plain', 'rb').read(); open('archive', 'wb').write(gzip.compress(d[:999]) + gzip.compress(d[999:]))",
        zip + "make(zipfile.ZipFile('archive', 'w', zipfile.ZIP_DEFLATED))",
        zip + "make(zipfile.ZipFile('archive', 'w', zipfile.ZIP_STORED))",
        zip + "make(zipfile.ZipFile('archive', 'w', zipfile.ZIP_DEFLATED), force_zip64=True)",
        zip + """
            class Pipe:
                def __init__(self): self.file = open('archive', 'wb')
                def write(self, data): return self.file.write(data)
                def flush(self): self.file.flush()
            make(zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED))
            """,
    ])
    func formatsAreToldByContent(script: String) async throws {
        try await withArchive(Self.content + "\n" + script) { archive, destination in
            let members = try await ArchiveExtractor.extract(archive, into: destination)
            #expect(members.map(\.line).sorted() == Self.expected)
            #expect(members.map { Array($0.path.utf8) }.isSorted)
            #expect(
                try destination.appending("model/weights.bin").readAll()
                    == Array(repeating: UInt8(ascii: "w"), count: 3_000_000)
            )
            #expect(try FileIdentity(of: destination.appending("model/run")).mode & 0o7777 == 0o755)
            #expect(try FileIdentity(of: destination.appending("modél/日本.txt")).mode & 0o7777 == 0o644)
            #expect(try FileIdentity(of: destination.appending("model")).mode & 0o7777 == 0o755)
        }
    }

    private static let zip = """
        def make(archive, **options):
            for info, data in files:
                entry = zipfile.ZipInfo(os.path.normpath(info.name))
                entry.external_attr = (0o100000 | info.mode) << 16
                entry.compress_type = archive.compression
                with archive.open(entry, 'w', **options) as file: file.write(data)
            archive.close()

        """

    @Test func linksAreMade() async throws {
        let script = """
            tar('archive', member('a/b', b'text'), member('a/hard', type=tarfile.LNKTYPE, link='./a/b'),
                member('a/soft', type=tarfile.SYMTYPE, link='../c/./x'), member('c', type=tarfile.SYMTYPE, link='a'),
                member('gone', type=tarfile.SYMTYPE, link='nowhere/../gone2'))
            """
        try await withArchive(script) { archive, destination in
            let members = try await ArchiveExtractor.extract(archive, into: destination)
            #expect(
                members.map(\.line) == [
                    "d a", "f a/b 4", "f a/hard 4", "l a/soft -> ../c/./x", "l c -> a", "l gone -> nowhere/../gone2",
                ]
            )
            #expect(try destination.appending("c/hard").readAll() == Array("text".utf8))
            let scanned = try await DirectoryTree.scan(destination)
            #expect(scanned == members)
        }
    }

    @Test func sparseFilesKeepTheirHoles() async throws {
        let script = """
            with open('sparse', 'wb') as file:
                file.seek(1 << 20); file.write(b'x'); file.truncate(3 << 20)
            os.system('tar -S -cf archive sparse')
            """
        try await withArchive(script) { archive, destination in
            let members = try await ArchiveExtractor.extract(archive, into: destination).map(\.line)
            #expect(members == ["f sparse 3145728"])
            let bytes = try destination.appending("sparse").readAll()
            #expect(bytes.count == 3 << 20 && bytes[1 << 20] == UInt8(ascii: "x") && bytes.count { $0 != 0 } == 1)
        }
    }

    @Test func anArchiveOfNothingIsOne() async throws {
        for script in [
            "tar('archive')",
            "tar('archive', member('./', type=tarfile.DIRTYPE))",
        ] {
            try await withArchive(script) { archive, destination in
                let members = try await ArchiveExtractor.extract(archive, into: destination)
                #expect(members == [])
            }
        }
    }

    @Test func zipNamesWithoutTheUTF8Flag() async throws {
        let script = """
            names = {b'x' * 4: b'caf\\x82', b'y' * 9: 'théâtre'.encode()}
            with zipfile.ZipFile('archive', 'w') as archive:
                for name in names: archive.writestr(name.decode(), b'')
            data = open('archive', 'rb').read()
            for name in names: data = data.replace(name, names[name])
            open('archive', 'wb').write(data)
            """
        try await withArchive(script) { archive, destination in
            let members = try await ArchiveExtractor.extract(archive, into: destination)
            #expect(members.map(\.path) == ["café", "théâtre"])
            #expect(destination.appending("café").exists)
        }
    }

    @Test func decomposedNamesAreComposed() async throws {
        for script in [
            "tar('archive', member('e\\u0301', b'1'))",
            "with zipfile.ZipFile('archive', 'w') as archive: archive.writestr('e\\u0301', b'1')",
        ] {
            try await withArchive(script) { archive, destination in
                let members = try await ArchiveExtractor.extract(archive, into: destination)
                #expect(members.map { Array($0.path.utf8) } == [[0xc3, 0xa9]])
            }
        }
    }

    @Test func membersCanBeReadWithoutUnpacking() async throws {
        let script = "with zipfile.ZipFile('archive', 'w') as a: a.writestr('p/x.py', b'pass'); a.writestr('p/y', b'1')"
        try await withArchive(script) { archive, _ in
            let log = Log()
            try await ArchiveExtractor.forEachMember(of: archive) { member, content in
                var bytes: [UInt8] = []
                if member.path == "p/x.py" { try content { bytes += $0 } }
                log.append("\(member.line) \(String(decoding: bytes, as: UTF8.self))")
            }
            #expect(log.lines == ["f p/x.py 4 pass", "f p/y 1 "])
        }
    }

    @Test func aCancelledTaskStops() async throws {
        try await withArchive("tar('archive', *[member(f'f{i}', b'x') for i in range(9)], mode='w:gz')") {
            archive,
            destination in
            let log = Log()
            let started = Mutex<Task<Void, any Error>?>(nil)
            let task = Task {
                try await ArchiveExtractor.forEachMember(of: archive) { member, _ in
                    log.append(member.path)
                    while started.withLock({ $0?.cancel() }) == nil { usleep(1_000) }
                }
            }
            started.withLock { $0 = task }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(log.lines == ["f0"])

            let cancelled = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await ArchiveExtractor.extract(archive, into: destination)
            }
            await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
            let left = try destination.entries()
            #expect(left.isEmpty)
        }
    }
}
