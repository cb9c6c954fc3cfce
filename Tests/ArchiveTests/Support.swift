import Archive
import FileSystem
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// Runs a Python script in a directory, with `archive` and helpers at hand; it writes the archives of these tests.
func python(_ script: String, in directory: FilePath, environment: Environment = .inherit) async throws {
    let prelude = """
        import bz2, gzip, io, lzma, os, struct, sys, tarfile, zipfile
        def member(name, data=b"", type=tarfile.REGTYPE, link="", mode=0o644):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size, info.mode = type, link, len(data), mode
            return info, data
        def tar(path, *members, mode="w", format=tarfile.PAX_FORMAT):
            with tarfile.open(path, mode, format=format) as archive:
                for info, data in members:
                    archive.addfile(info, io.BytesIO(data))
        """
    let result = try await run(
        .path("/usr/bin/python3"),
        arguments: ["-c", prelude + "\n" + script],
        environment: environment,
        workingDirectory: directory,
        output: .discarded,
        error: .string(limit: 1 << 20)
    )
    try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
}

/// Makes `archive` by a script in a new directory and hands its path and an empty directory to unpack into.
func withArchive(
    _ script: String,
    _ body: (_ archive: FilePath, _ destination: FilePath) async throws -> Void
) async throws {
    try await withTemporaryDirectory(in: "/tmp", prefix: "archive-tests") { directory in
        try await python(script, in: directory)
        let destination = directory.appending("out")
        try destination.createDirectories()
        try await body(directory.appending("archive"), destination)
    }
}

extension ArchiveMember {
    /// "d a", "f a/b 3", "x run 2", "l link -> a/b": a member in one line.
    var line: String {
        switch kind {
        case .directory: "d \(path)"
        case .file: "\(isExecutable ? "x" : "f") \(path) \(size)"
        case .symbolicLink: "l \(path) -> \(linkTarget ?? "?")"
        }
    }
}

extension [[UInt8]] {
    var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) } }
}

/// Lines from any thread.
final class Log: Sendable {
    private let stored = Mutex<[String]>([])

    func append(_ line: String) { stored.withLock { $0.append(line) } }
    var lines: [String] { stored.withLock { $0 } }
}
