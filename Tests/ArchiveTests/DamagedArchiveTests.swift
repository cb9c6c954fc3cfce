import FileSystem
import SystemPackage
import Testing

@testable import Archive

struct DamagedArchiveTests {
    private func error(of script: String) async throws -> ArchiveError? {
        var error: ArchiveError?
        try await withArchive(script) { archive, destination in
            error = await #expect(throws: ArchiveError.self) {
                _ = try await ArchiveExtractor.extract(archive, into: destination)
            }
        }
        return error
    }

    private static let files = "files = [member('a', os.urandom(50000)), member('b', os.urandom(50000))]\n"

    @Test(arguments: ["w", "w:gz", "w:bz2", "w:xz", "zst", "zip", "stored"], ["cut", "short", "flip", "tail"])
    func damage(format: String, kind: String) async throws {
        // A plain tar has no checksum of its files, and trailing padding may be missing.
        if format == "w", kind != "cut" { return }
        let make =
            switch format {
            case "zst": "tar('plain', *files); os.system('zstd -q --check plain -o archive')"
            case "zip", "stored":
                "with zipfile.ZipFile('archive', 'w', zipfile.\(format == "zip" ? "ZIP_DEFLATED" : "ZIP_STORED")) as a: [a.writestr(i.name, d) for i, d in files]"
            default: "tar('archive', *files, mode='\(format)')"
            }
        let damage =
            switch kind {
            case "cut": "data = data[:len(data) // 2]"
            case "short": "data = data[:-3]"
            case "flip": "data[len(data) // 2 + 100] ^= 0x10"
            default: "data[-6] ^= 0x10"
            }
        let script =
            Self.files + make
            + "\ndata = bytearray(open('archive', 'rb').read())\n\(damage)\nopen('archive', 'wb').write(data)"
        // The last bytes of a zip are a comment's length and an offset; of xz a size, all checked.
        let error = try await error(of: script)
        #expect(error?.code == .damaged, "\(error.map(String.init(describing:)) ?? "nothing")")
    }

    @Test func aTarCutBetweenTwoFiles() async throws {
        let error = try await error(
            of: Self.files + "tar('archive', *files); os.truncate('archive', 512 + 50176)"
        )
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("end marker") ?? false)
    }

    @Test func encryptedZips() async throws {
        let script = """
            with zipfile.ZipFile('archive', 'w') as a: a.writestr('secret', b'x' * 40)
            data = bytearray(open('archive', 'rb').read())
            data[6] |= 1
            data[data.index(b'PK\\x01\\x02') + 8] |= 1
            open('archive', 'wb').write(data)
            """
        let error = try await error(of: script)
        #expect(error?.code == .encrypted)
        #expect(error?.member == "secret")
    }

    @Test(arguments: [
        ("b''", "an empty file"),
        ("b'<!DOCTYPE html><html>'", "an HTML page"),
        ("b'{\"a\": 1}'", "a JSON document"),
        ("b'\\x80\\x04\\x95'", "a Python pickle"),
        ("b'\\x89HDF\\r\\n'", "an HDF5 file"),
        ("b'hello'", "\"hello\""),
        ("b'\\x00\\x01\\x02\\x03'", "00 01 02 03"),
        ("b'7z\\xbc\\xaf\\x27\\x1c'", "7-Zip"),
        ("b'version https://git-lfs.github.com/spec/v1'", "Git LFS"),
        ("gzip.compress(b'no tar at all' * 100)", "holds no tar"),
        ("b'PK\\5\\6' + bytes(18)", "zip is empty"),
    ])
    func otherFiles(content: String, name: String) async throws {
        let error = try await error(of: "open('archive', 'wb').write(\(content))")
        #expect(error?.code == .notAnArchive)
        #expect(error?.description.contains(name) ?? false, "\(error.map(String.init(describing:)) ?? "")")
    }

    @Test func aDirectoryIsNoArchive() async throws {
        #expect(try await error(of: "os.mkdir('archive')")?.code == .notAnArchive)
    }

    @Test func theDestinationHasToBeEmpty() async throws {
        let error = try await error(of: "tar('archive', member('a', b'')); os.mkdir('out'); open('out/x', 'w')")
        #expect(error?.code == .fileSystem)
    }

    @Test func aFullDiskIsSaidPlainly() {
        let error = ArchiveError.system("write", "wine.zip", member: "a", .noSpace)
        #expect(error.code == .diskFull)
        #expect(error.description == "wine.zip, member \"a\": the disk is full; free some space and try again")
    }
}
