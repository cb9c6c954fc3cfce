import Archive
import FileSystem
import Glibc
import Subprocess
import SystemPackage
import Testing

@Suite struct DirectoryTarTests {
    /// GNU tar reads what was written, with owners, modes and times of no machine.
    @Test func partsBecomeOneTar() async throws {
        try await withDirectory { directory in
            let first = directory.appending("first")
            let second = directory.appending("second")
            try first.appending("d").createDirectories()
            try first.appending("d/f").writeAtomically("hello".utf8)
            try first.appending("x").writeAtomically("#!".utf8, permissions: FilePermissions(rawValue: 0o700))
            try second.createDirectories()
            try second.appending("weights").writeAtomically([UInt8](repeating: 5, count: 3_000_000))
            try link(second.appending("away"), to: "/nowhere/at all")
            let named = directory.appending("named")
            try link(named, to: second.string)

            let archive = directory.appending("a.tar")
            var bytes: [UInt8] = []
            var largest = 0
            for try await chunk in DirectoryTar([.init(first), .init(named, below: "model")]) {
                bytes += chunk
                largest = max(largest, chunk.count)
            }
            try archive.writeAtomically(bytes)
            #expect(largest < 2 << 20)
            let listed = try await run(
                .name("tar"),
                arguments: ["--list", "--verbose", "--numeric-owner", "--utc", "--file", archive.string],
                environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
                output: .string(limit: 1 << 16)
            )
            let lines = listed.standardOutput.split(separator: "\n").map { line in
                line.split(separator: " ").joined(separator: " ")
            }
            #expect(
                lines == [
                    "drwxr-xr-x 0/0 0 1970-01-01 00:00 d/", "-rw-r--r-- 0/0 5 1970-01-01 00:00 d/f",
                    "-rwxr-xr-x 0/0 2 1970-01-01 00:00 x", "drwxr-xr-x 0/0 0 1970-01-01 00:00 model/",
                    "lrwxrwxrwx 0/0 0 1970-01-01 00:00 model/away -> /nowhere/at all",
                    "-rw-r--r-- 0/0 3000000 1970-01-01 00:00 model/weights",
                ]
            )
        }
    }

    @Test func aFileThatBecomesShorterIsAnError() async throws {
        try await withDirectory { directory in
            let file = directory.appending("f")
            try file.writeAtomically([UInt8](repeating: 5, count: 8 << 20))
            await #expect(throws: TarWriterError.self) {
                for try await _ in DirectoryTar([.init(directory)]) { truncate(file.string, 100) }
            }
        }
    }

    @Test func whatIsNoFileIsRefused() async throws {
        try await withDirectory { directory in
            #expect(mkfifo(directory.appending("pipe").string, 0o600) == 0)
            let error = await #expect(throws: ArchiveError.self) {
                for try await _ in DirectoryTar([.init(directory)]) {}
            }
            #expect(error?.code == .unsupportedType)
            #expect(error?.member == "pipe")
        }
    }

    @Test func aDirectoryThatIsNotThereIsAnError() async {
        await #expect(throws: FileSystemError.self) {
            for try await _ in DirectoryTar([.init("/nowhere/at/all")]) {}
        }
    }

    private func link(_ path: FilePath, to target: String) throws {
        guard symlink(target, path.string) == 0 else { throw FileSystemError.last("link", path) }
    }

    private func withDirectory(_ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "directory-tar", body)
    }
}
