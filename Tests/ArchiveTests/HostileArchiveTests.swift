import FileSystem
import SystemPackage
import Testing

@testable import Archive

struct HostileArchiveTests {
    /// Nothing is unpacked anywhere but below the destination, and the error names the member.
    private func refuses(
        _ script: String,
        _ code: ArchiveError.Code,
        naming text: String = "",
        limits: ArchiveLimits = ArchiveLimits()
    ) async throws {
        try await withArchive(script) { archive, destination in
            let before = try archive.removingLastComponent().entries()
            let error = await #expect(throws: ArchiveError.self) {
                _ = try await ArchiveExtractor.extract(archive, into: destination, limits: limits)
            }
            #expect(error?.code == code, "\(error.map(String.init(describing:)) ?? "")")
            #expect(error?.description.contains(text) ?? false, "\(error.map(String.init(describing:)) ?? "")")
            #expect(try archive.removingLastComponent().entries() == before)
        }
    }

    @Test(arguments: [
        "/etc/x", "../x", "a/../../x", "a/..", "..", "//x", "a\\nb", "a\\x7f", "n" + String(repeating: "a", count: 300),
    ])
    func namesThatLeadOut(name: String) async throws {
        try await refuses("tar('archive', member('\(name)', b'x'))", .unsafeName, naming: "member \"")
        try await refuses(
            "with zipfile.ZipFile('archive', 'w') as a: a.writestr('\(name)', b'x')",
            .unsafeName,
            naming: "member \""
        )
    }

    @Test func namesThatAreNoText() async throws {
        try await refuses(
            """
            tar('archive', member('abc', b'x'), format=tarfile.USTAR_FORMAT)
            data = bytearray(open('archive', 'rb').read())
            data[0:3] = b'\\xff\\xfe1'
            data[148:156] = b' ' * 8
            data[148:156] = b'%06o\\0 ' % sum(data[:512])
            open('archive', 'wb').write(data)
            """,
            .unsafeName,
            naming: "UTF-8"
        )
    }

    @Test(arguments: [
        "member('l', type=tarfile.SYMTYPE, link='/etc')",
        "member('l', type=tarfile.SYMTYPE, link='..')",
        "member('a/l', type=tarfile.SYMTYPE, link='../../x')",
        "member('l', type=tarfile.SYMTYPE, link='l')",
        "member('a', type=tarfile.SYMTYPE, link='b'), member('b', type=tarfile.SYMTYPE, link='a')",
        // Harmless each; together they lead out.
        "member('d/e/f', b''), member('a', type=tarfile.SYMTYPE, link='d/e'), member('d/e/l', type=tarfile.SYMTYPE, link='../../a/../../../x')",
        "member('d/up', type=tarfile.SYMTYPE, link='..'), member('l', type=tarfile.SYMTYPE, link='d/up/../x')",
        // Written through a link, in both orders.
        "member('l', type=tarfile.SYMTYPE, link='/tmp'), member('l/x', b'x')",
        "member('d', type=tarfile.DIRTYPE), member('l', type=tarfile.SYMTYPE, link='d'), member('l/x', b'x')",
        "member('h', type=tarfile.LNKTYPE, link='nowhere')",
        "member('d', type=tarfile.DIRTYPE), member('h', type=tarfile.LNKTYPE, link='d')",
        "member('s', type=tarfile.SYMTYPE, link='t'), member('h', type=tarfile.LNKTYPE, link='s')",
    ])
    func linksThatLeadOut(members: String) async throws {
        try await refuses("tar('archive', \(members))", .unsafeLink, naming: "member \"")
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd"])
    func hardLinksThatLeadOut(target: String) async throws {
        try await refuses("tar('archive', member('h', type=tarfile.LNKTYPE, link='\(target)'))", .unsafeName)
    }

    @Test func zipLinksThatLeadOut() async throws {
        let script = """
            entry = zipfile.ZipInfo('l')
            entry.create_system, entry.external_attr = 3, 0o120777 << 16
            with zipfile.ZipFile('archive', 'w') as a: a.writestr(entry, '../../etc')
            """
        try await refuses(script, .unsafeLink, naming: "../../etc")
    }

    @Test(arguments: ["CHRTYPE", "BLKTYPE", "FIFOTYPE"])
    func devices(type: String) async throws {
        try await refuses("tar('archive', member('dev', type=tarfile.\(type)))", .unsupportedType, naming: "\"dev\"")
    }

    @Test(arguments: [
        "'a', 'a'", "'./a', 'a'", "'a//b', 'a/b'", "'a/b', 'a'", "'a', 'a/b'", "'\\u00e9', 'e\\u0301'",
    ])
    func duplicates(names: String) async throws {
        try await refuses("tar('archive', *[member(name, b'x') for name in [\(names)]])", .duplicate)
        try await refuses(
            "with zipfile.ZipFile('archive', 'w') as a: [a.writestr(name, b'x') for name in [\(names)]]",
            .duplicate
        )
    }

    @Test func caseCounts() async throws {
        try await withArchive("tar('archive', member('a', b'1'), member('A', b'2'))") { archive, destination in
            let members = try await ArchiveExtractor.extract(archive, into: destination).map(\.path)
            #expect(members == ["A", "a"])
        }
    }

    @Test func tooMuch() async throws {
        var limits = ArchiveLimits()
        limits.maximumEntries = 9
        limits.maximumBytes = 100_000
        try await refuses(
            "tar('archive', *[member(f'f{i}') for i in range(10)])",
            .limit,
            naming: "entries",
            limits: limits
        )
        try await refuses(
            "tar('archive', member('a/b/c/d/e/f/g/h/i/j', b''))",
            .limit,
            naming: "entries",
            limits: limits
        )
        try await refuses(
            "tar('archive', member('f', bytes(100001)), mode='w:gz')",
            .limit,
            naming: "bytes",
            limits: limits
        )
        // The same bytes again through hard links.
        let links =
            "member('f', os.urandom(30000)), *[member(f'h{i}', type=tarfile.LNKTYPE, link='f') for i in range(4)]"
        try await refuses("tar('archive', \(links))", .limit, naming: "bytes", limits: limits)
    }

    @Test(arguments: [
        "tar('archive', member('f', bytes(80 << 20)), mode='w:bz2')",
        "tar('archive', member('f', bytes(80 << 20)), mode='w:xz')",
        // Behind the end of the tar.
        "tar('plain'); open('archive', 'wb').write(bz2.compress(open('plain', 'rb').read() + bytes(80 << 20)))",
        "with zipfile.ZipFile('archive', 'w', zipfile.ZIP_BZIP2) as a: a.writestr('f', bytes(80 << 20))",
        // A hole is a bomb too: a terabyte in no blocks at all.
        "os.truncate(os.open('hole', os.O_CREAT | os.O_WRONLY), 1 << 39); os.system('tar -S -cf archive hole')",
    ])
    func bombs(script: String) async throws {
        try await refuses(script, .limit, naming: "times as many")
    }
}
