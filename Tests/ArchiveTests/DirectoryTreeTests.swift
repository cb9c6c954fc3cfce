import FileSystem
import SystemPackage
import Testing

@testable import Archive

struct DirectoryTreeTests {
    private func scan(_ script: String, limits: ArchiveLimits = ArchiveLimits()) async throws -> [String] {
        try await withTemporaryDirectory(in: "/tmp", prefix: "tree-tests") { directory in
            try await python("os.mkdir('root'); os.chdir('root')\n" + script, in: directory)
            return try await DirectoryTree.scan(directory.appending("root"), limits: limits).map(\.line)
        }
    }

    @Test func filesAreListedSorted() async throws {
        let script = """
            os.makedirs('a/ü'); open('a/ü/x', 'w').write('12'); open('a.txt', 'w'); open('run', 'w'); os.chmod('run', 0o700)
            os.symlink('../a.txt', 'a/l'); os.symlink('gone', 'dangling')
            """
        #expect(
            try await scan(script) == [
                "d a", "f a.txt 0", "l a/l -> ../a.txt", "d a/ü", "f a/ü/x 2", "l dangling -> gone", "x run 0",
            ]
        )
    }

    @Test(
        arguments: [
            ("os.symlink('/etc', 'l')", .unsafeLink),
            ("os.symlink('../..', 'l')", .unsafeLink),
            ("os.mkdir('d'); os.symlink('..', 'd/up'); os.symlink('d/up/../x', 'l')", .unsafeLink),
            ("os.mkfifo('p')", .unsupportedType),
            ("import socket; s = socket.socket(socket.AF_UNIX); s.bind('s')", .unsupportedType),
            ("open(b'\\xff', 'w')", .unsafeName),
            ("open('a\\nb', 'w')", .unsafeName),
        ] as [(String, ArchiveError.Code)]
    )
    func theRulesAreThoseOfArchives(script: String, code: ArchiveError.Code) async throws {
        let error = await #expect(throws: ArchiveError.self) { _ = try await scan(script) }
        #expect(error?.code == code)
    }

    @Test func limitsCount() async throws {
        var limits = ArchiveLimits()
        limits.maximumEntries = 2
        let error = await #expect(throws: ArchiveError.self) {
            _ = try await scan("[open(str(i), 'w') for i in range(3)]", limits: limits)
        }
        #expect(error?.code == .limit)
    }
}
