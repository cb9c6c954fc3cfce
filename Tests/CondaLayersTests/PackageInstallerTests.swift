import FileSystem
import FoundationEssentials
import Glibc
import JSON
import PythonLayers
import SystemPackage
import Testing

@testable import CondaLayers

/// Packages one by one, among them those that no channel should have.
struct PackageInstallerTests {
    /// Packs a directory into a package and installs it.
    private func install(
        _ index: JSONValue = [:],
        paths: JSONValue? = nil,
        in directory: FilePath,
        sha256: String? = nil,
        md5: String? = nil,
        fill: (FilePath) throws -> Void
    ) async throws -> (InstalledPackage, FilePath) {
        let tree = directory.appending("package")
        try tree.appending("info").createDirectories()
        try tree.appending("info/index.json").writeAtomically(CanonicalJSON.encode(index))
        if let paths { try tree.appending("info/paths.json").writeAtomically(CanonicalJSON.encode(paths)) }
        try fill(tree)
        let file = directory.appending("own-1.0-0.tar.bz2")
        let packed = try await Command.run(["tar", "-cjf", file.string, "-C", tree.string, "."])
        try #require(packed.succeeded, "\(packed.error)")
        let hash = try await Command.run(["sha256sum", file.string]).output.prefix(64)
        var record: [String: JSONValue] = [
            "name": "own", "version": "1.0", "build": "0", "subdir": "noarch", "url": .string("file://\(file)"),
            "noarch": index["noarch"] ?? .null,
        ]
        record["sha256"] = md5 == nil ? .string(sha256 ?? String(hash)) : nil
        record["md5"] = md5.map { .string($0) }
        let package = try CondaLock.Package(record: .object(record))
        let cache = CacheDirectory(root: directory.appending("cache"))
        let installer = PackageInstaller(
            store: PackageStore(cache: cache, fetch: noNetwork, channels: CondaChannels()),
            prefix: "/opt/conda",
            python: PythonVersion(3, 11)
        )
        return (try await installer.installed(package), try await installer.unpacked(package))
    }

    private func row(_ path: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["_path": .string(path)].merging(more) { $1 })
    }

    private static func write(_ text: String, _ path: String, in tree: FilePath) throws {
        let file = tree.appending(path)
        try file.removingLastComponent().createDirectories()
        try file.writeAtomically(text.utf8)
    }

    @Test func aPackageOfTheOldKindListsItsFilesInLines() async throws {
        try await withWorkshop { directory in
            let (package, tree) = try await install(in: directory) { tree in
                try Self.write("bin/a\nbin/b\nshare/c\n", "info/files", in: tree)
                try Self.write("bin/a\n/old/prefix text \"bin/b\"\n", "info/has_prefix", in: tree)
                try Self.write("#!/opt/anaconda1anaconda2" + "anaconda3/bin/python", "bin/a", in: tree)
                try Self.write("#!/old/prefix/bin/sh", "bin/b", in: tree)
                try Self.write("/old/prefix", "share/c", in: tree)
                try Self.write("not listed", "share/d", in: tree)
            }
            #expect(
                package.entries.map(\.path) == ["bin/a", "bin/b", "conda-meta/own-1.0-0.json", "share/c"]
            )
            #expect(try tree.appending("bin/a").readAll() == Array("#!/opt/conda/bin/python".utf8))
            #expect(try tree.appending("bin/b").readAll() == Array("#!/opt/conda/bin/sh".utf8))
            #expect(try tree.appending("share/c").readAll() == Array("/old/prefix".utf8))
        }
    }

    @Test func byteCodeOfTheSourceBesideItIsTakenWithoutALook() async throws {
        try await withWorkshop { directory in
            let code: (UInt8) -> [UInt8] = { size in
                [0xa7, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0, 1, 2, 3, 4, size, 0, 0, 0] + Array("code".utf8)
            }
            let paths = ["m/a.py", "m/__pycache__/a.cpython-311.pyc", "m/b.py", "m/__pycache__/b.cpython-311.pyc"]
            let (_, tree) = try await install(paths: ["paths": .array(paths.map { row($0) })], in: directory) { tree in
                try Self.write("x = 1\n", "m/a.py", in: tree)
                try Self.write("other = 1\n", "m/b.py", in: tree)
                try tree.appending("m/__pycache__").createDirectories()
                try tree.appending(paths[1]).writeAtomically(code(6))
                try tree.appending(paths[3]).writeAtomically(code(6))
            }
            let marked = try tree.appending(paths[1]).readAll()
            #expect(marked == [0xa7, 0x0d, 0x0d, 0x0a, 1] + [UInt8](repeating: 0, count: 11) + Array("code".utf8))
            #expect(try tree.appending(paths[3]).readAll() == code(6))
        }
    }

    @Test(arguments: [
        ("../outside", "leaves the environment"), ("/etc/passwd", "leaves the environment"),
        ("a//b", "leaves the environment"), ("missing", "is not in the package"),
        ("link/x", "lies behind a link"), ("up", "out of the environment"),
    ])
    func hostileListsAreRefused(path: String, reason: String) async throws {
        try await withWorkshop { directory in
            let error = await #expect(throws: CondaError.self) {
                // The link is within the archive, and out of the environment once it is installed.
                try await install(
                    path == "up" ? ["noarch": "python"] : [:],
                    paths: ["paths": [row(path == "up" ? "python-scripts/deep/up" : path)]],
                    in: directory
                ) { tree in
                    try Self.write("x", "real/x", in: tree)
                    try Self.write("x", "python-scripts/deep/x", in: tree)
                    symlink("real", tree.appending("link").string)
                    symlink("../../real/../..", tree.appending("python-scripts/deep/up").string)
                    if path != "up" { try tree.appending("python-scripts").removeTree() }
                }
            }
            #expect(error?.code == .invalidPackage)
            if path != "up" { #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")") }
        }
    }

    @Test(
        arguments: [
            (["size_in_bytes": 5], "has 3 bytes instead of the 5"),
            (["path_type": "socket"], "path_type that is not known"),
            (["path_type": "softlink"], "is no link"),
            (["prefix_placeholder": "/old", "file_mode": "binary"], "no room for /opt/conda"),
            (["prefix_placeholder": "", "file_mode": "text"], "empty prefix"),
            (["prefix_placeholder": "/old/prefix", "file_mode": "weird"], "neither text nor binary"),
        ] as [([String: JSONValue], String)]
    )
    func listsThatContradictThePackageAreRefused(more: [String: JSONValue], reason: String) async throws {
        try await withWorkshop { directory in
            let error = await #expect(throws: CondaError.self) {
                try await install(paths: ["paths": [row("a", more)]], in: directory) { tree in
                    try Self.write("abc", "a", in: tree)
                }
            }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
    }

    @Test func entryPointsCannotNameOtherPlaces() async throws {
        try await withWorkshop { directory in
            let error = await #expect(throws: CondaError.self) {
                try await install(["noarch": "python"], paths: ["paths": []], in: directory) { tree in
                    let link: JSONValue = ["noarch": ["type": "python", "entry_points": ["../../evil = m:f"]]]
                    try tree.appending("info/link.json").writeAtomically(CanonicalJSON.encode(link))
                }
            }
            #expect(error?.code == .invalidPackage)
        }
    }

    @Test(arguments: [true, false])
    func otherContentThanTheChannelSaysIsRefused(strong: Bool) async throws {
        try await withWorkshop { directory in
            let error = await #expect(throws: CondaError.self) {
                try await install(
                    paths: ["paths": []],
                    in: directory,
                    sha256: String(repeating: "0", count: 64),
                    md5: strong ? nil : String(repeating: "0", count: 32)
                ) { _ in }
            }
            #expect(error?.code == .hashMismatch)
        }
    }

    @Test(
        arguments: [
            (["name": "a/b"], "cannot be used"), (["url": "ftp://host/x.conda"], "no http"),
            (["url": "https://host/.."], "cannot be used"), (["sha256": "12"], "no hash"),
            (["version": .null], "version"),
        ] as [([String: JSONValue], String)]
    )
    func answersOfSolversAreChecked(changes: [String: JSONValue], reason: String) {
        var record: [String: JSONValue] = [
            "name": "a", "version": "1", "build": "0", "subdir": "noarch", "url": "https://host/noarch/a-1-0.conda",
            "sha256": .string(String(repeating: "a", count: 64)),
        ]
        record.merge(changes) { $1 }
        let error = #expect(throws: CondaError.self) { try CondaLock(records: [.object(record)]) }
        #expect(error?.code == .invalidLock)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
}
