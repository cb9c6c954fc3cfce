import FileSystem
import SystemPackage
import Testing

@testable import Containers

@Suite struct RootFileSystemTests {
    /// Unpacks layers, and says what there is then: directories with a slash, links with their targets, files with
    /// their contents.
    private func unpacked(
        _ layers: [[LayerEntry]],
        _ body: (FilePath) throws -> Void = { _ in }
    ) async throws -> [String] {
        try await withTemporaryDirectory(in: "/tmp", prefix: "rootfs") { directory in
            let root = directory.appending("root")
            try root.createDirectories()
            let rootfs = RootFileSystem(root, keepsOwners: false)
            for layer in layers {
                let tar = directory.appending("layer.tar")
                try layer.write(to: tar)
                try rootfs.unpack(tar, cancellation: CancellationFlag())
            }
            try body(root)
            // Nothing has come to lie beside it.
            #expect(try directory.entries().map(\.string) == ["layer.tar", "root"])
            return try listing(of: root, "")
        }
    }

    private func listing(of directory: FilePath, _ prefix: String) throws -> [String] {
        try directory.entries().flatMap { name -> [String] in
            let path = directory.appending(name)
            let identity = try FileIdentity(of: path, followingLinks: false)
            let shown = prefix + name.string
            if identity.isDirectory { return [shown + "/"] + (try listing(of: path, shown + "/")) }
            if identity.isSymbolicLink { return ["\(shown) -> \(try path.symbolicLinkTarget())"] }
            return ["\(shown)=\(String(decoding: try path.readAll(), as: UTF8.self))"]
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var layers: [[LayerEntry]]
        var expected: [String]

        init(_ name: String, _ layers: [[LayerEntry]], _ expected: [String]) {
            testDescription = name
            self.layers = layers
            self.expected = expected
        }
    }

    @Test(arguments: [
        Case(
            "a later layer replaces",
            [[.file("a", "old"), .directory("d"), .file("d/b")], [.file("a", "new"), .file("d", "now a file")]],
            ["a=new", "d=now a file"]
        ),
        Case(
            "a directory that is there stays",
            [[.directory("d"), .file("d/a")], [.directory("d"), .file("d/b")]],
            ["d/", "d/a=x", "d/b=x"]
        ),
        Case(
            "a deletion",
            [[.directory("d"), .file("d/a"), .file("d/b")], [.file("d/.wh.a", ""), .file(".wh.nothing", "")]],
            ["d/", "d/b=x"]
        ),
        Case(
            "an opaque directory, before and after its own files",
            [
                [.directory("d"), .file("d/old"), .directory("d/e"), .file("d/e/old")],
                [.file("d/new"), .file("d/e/new"), .file("d/.wh..wh..opq", ""), .file("d/last")],
            ],
            ["d/", "d/e/", "d/e/new=x", "d/last=x", "d/new=x"]
        ),
        Case("what aufs notes down", [[.file(".wh..wh.plnk", ""), .file("a")]], ["a=x"]),
        Case(
            "directories without entries of their own, and names with dots",
            [[.file("./a/b/c"), .directory("./"), .file("a//b/./d")]],
            ["a/", "a/b/", "a/b/c=x", "a/b/d=x"]
        ),
        Case(
            "through a link of the image",
            [[.directory("usr"), .directory("usr/bin"), .symbolicLink("bin", to: "usr/bin")], [.file("bin/sh")]],
            ["bin -> usr/bin", "usr/", "usr/bin/", "usr/bin/sh=x"]
        ),
        Case(
            "a link that is replaced by a directory",
            [[.directory("e"), .symbolicLink("d", to: "e")], [.directory("d"), .file("d/a")]],
            ["d/", "d/a=x", "e/"]
        ),
        Case(
            "hard links, and the file that replaces one of them",
            [[.file("a", "one"), .hardLink("b", to: "a"), .hardLink("c", to: "./a")], [.file("b", "two")]],
            ["a=one", "b=two", "c=one"]
        ),
        Case("devices are not made", [[.device("null"), .file("a")]], ["a=x"]),
    ])
    func layersLieOverEachOther(example: Case) async throws {
        #expect(try await unpacked(example.layers) == example.expected)
    }

    /// Absolute links, and those that lead upwards, end at the image's own root.
    @Test(arguments: ["/tmp", "../../../../../../tmp", "/../../tmp", "inner"])
    func noLinkLeadsOutOfTheRoot(target: String) async throws {
        let listing = try await unpacked([
            [.symbolicLink("inner", to: "/tmp"), .symbolicLink("out", to: target)], [.file("out/owned")],
        ])
        #expect(listing == ["inner -> /tmp", "out -> \(target)", "tmp/", "tmp/owned=x"])
    }

    @Test(
        arguments: [
            [.file("../owned")], [.file("a/../../owned")], [.file("/../owned")],
            [.symbolicLink("a", to: "b"), .symbolicLink("b", to: "a"), .file("a/c")],
            [.hardLink("a", to: "../../../../../etc/passwd")], [.hardLink("a", to: "nothing")],
            [.file("a"), .file("a/b")], [.file(".wh...", "")],
        ] as [[LayerEntry]]
    )
    func whatIsHostileIsRefused(layer: [LayerEntry]) async throws {
        await #expect(throws: (any Error).self) { _ = try await unpacked([layer]) }
    }

    @Test func modesAndTimesAreThoseOfTheLayer() async throws {
        _ = try await unpacked([[.file("tool", mode: 0o755), .file("secret", mode: 0o600)]]) { root in
            let tool = try FileIdentity(of: root.appending("tool"))
            #expect(tool.mode & 0o7777 == 0o755)
            #expect(tool.modified == 1_600_000_000 * 1_000_000_000)
            #expect(try FileIdentity(of: root.appending("secret")).mode & 0o7777 == 0o600)
        }
    }

    /// As umoci leaves it.
    @Test func aLayerNeedsNoEnd() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "rootfs") { directory in
            let layer = directory.appending("layer.tar")
            try [.file("a", "first"), .file("b", "last")].writeUnfinished(to: layer)
            let root = directory.appending("root")
            try root.createDirectories()
            try RootFileSystem(root, keepsOwners: false).unpack(layer, cancellation: CancellationFlag())
            #expect(String(decoding: try root.appending("b").readAll(), as: UTF8.self) == "last")
            // In the midst of a file.
            let bytes = try layer.readAll()
            try layer.writeAtomically(bytes.dropLast(512 + 2))
            #expect(throws: (any Error).self) {
                try RootFileSystem(root, keepsOwners: false).unpack(layer, cancellation: CancellationFlag())
            }
        }
    }

    @Test func anImagesOwnFilesAreReadWithinIt() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "rootfs") { directory in
            try [.symbolicLink("etc/passwd", to: "/real/users"), .file("real/users", "root:x:0:0")]
                .write(to: directory.appending("layer.tar"))
            let root = directory.appending("root")
            try root.createDirectories()
            let rootfs = RootFileSystem(root, keepsOwners: false)
            try rootfs.unpack(directory.appending("layer.tar"), cancellation: CancellationFlag())
            #expect(try rootfs.text("/etc/passwd") == "root:x:0:0")
            #expect(try rootfs.text("/etc/group") == nil)
            #expect(try rootfs.text("/real") == nil)
        }
    }
}
