import FileSystem
import Glibc
import ImageAssembler
import OCI
import SystemPackage
import Testing

@Suite struct LayerWriterTests {
    /// Text, noise, names outside ASCII, links: more than one block of a pipeline.
    private func makeEntries(in directory: FilePath) throws -> [LayerEntry] {
        let noisy = noise(2_500_000)
        let text = Array(String(repeating: "def predict(x): return model.predict(x)\n", count: 60_000).utf8)
        try directory.appending("noise").write(noisy)
        try directory.appending("text").write(text)
        return [
            LayerEntry(
                path: "данные/шум.bin",
                kind: .file(directory.appending("noise"), size: 2_500_000, executable: false)
            ),
            LayerEntry(
                path: "opt/app/main.py",
                kind: .file(directory.appending("text"), size: Int64(text.count), executable: true)
            ),
            LayerEntry(path: "opt/empty", kind: .bytes([], executable: false)),
            LayerEntry(path: "opt/link", kind: .symbolicLink(target: "app/main.py")),
            LayerEntry(path: "var", kind: .directory),
        ]
    }

    @Test("every mode is read by gzip and Python", arguments: CompressionMode.allCases)
    func readers(mode: CompressionMode) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let entries = try makeEntries(in: directory)
            let writer = LayerWriter(store: store, compression: mode, modified: 1_600_000_000)
            let layer = try await writer.write(entries, name: "l", compression: .deflate)
            let blob = store.path(of: layer.descriptor.digest)
            #expect(layer.descriptor.mediaType == (mode == .none ? .ociLayer : .ociLayerGzip))
            #expect(try Digest.sha256(of: blob.readAll()) == layer.descriptor.digest)
            #expect(try FileIdentity(of: blob).size == layer.descriptor.size)
            if mode == .none {
                #expect(layer.diffID == layer.descriptor.digest)
            } else {
                let copy = directory.appending("copy.gz")
                try copy.write(blob.readAll())
                try await tool("gzip", ["-t", copy.string])
                try await tool("gzip", ["-d", "-k", copy.string])
                #expect(try Digest.sha256(of: directory.appending("copy").readAll()) == layer.diffID)
                // The two large files, of which one does not shrink.
                #expect(layer.descriptor.size < 2_700_000)
            }
            let script = """
                import hashlib, sys, tarfile
                for m in tarfile.open(sys.argv[1]):
                    data = hashlib.sha256(tarfile.open(sys.argv[1]).extractfile(m).read()).hexdigest()[:8] if m.isreg() else ''
                    print(m.name, m.type.decode(), oct(m.mode), m.uid, m.gid, m.mtime, m.linkname, data)
                """
            let listing = try await tool("python3", ["-X", "utf8", "-c", script, blob.string])
            let noisy = Digest.sha256(of: noise(2_500_000)).hexadecimal.prefix(8)
            let text = try Digest.sha256(of: directory.appending("text").readAll()).hexadecimal.prefix(8)
            let expected = """
                opt 5 0o755 0 0 1600000000  \("")
                opt/app 5 0o755 0 0 1600000000  \("")
                opt/app/main.py 0 0o755 0 0 1600000000  \(text)
                opt/empty 0 0o644 0 0 1600000000  e3b0c442
                opt/link 2 0o777 0 0 1600000000 app/main.py \("")
                var 5 0o755 0 0 1600000000  \("")
                данные 5 0o755 0 0 1600000000  \("")
                данные/шум.bin 0 0o644 0 0 1600000000  \(noisy)

                """
            #expect(listing == expected)
        }
    }

    @Test("bytes depend on the entries alone", arguments: CompressionMode.allCases)
    func deterministic(mode: CompressionMode) async throws {
        var layers: [Layer] = []
        for (threads, mask) in [(1, 0o022), (2, 0o077), (5, 0o000)] {
            let previous = umask(mode_t(mask))
            defer { umask(previous) }
            layers.append(
                try await withTestDirectory { directory in
                    let store = try await OCILayout.open(directory.appending("store"))
                    var entries = try makeEntries(in: directory.appending("\(threads)"))
                    if threads == 2 { entries.reverse() }
                    return try await LayerWriter(store: store, compression: mode, threads: threads)
                        .write(entries, name: "l", compression: .deflate)
                }
            )
        }
        #expect(Set(layers).count == 1)
    }

    @Test func weightsAreStoredInEveryMode() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let entry = LayerEntry(path: "w", kind: .bytes(noise(3_000_000), executable: false))
            let layer = try await LayerWriter(store: store).write([entry], name: "w", compression: .stored)
            #expect(layer.descriptor.digest == layer.diffID)
            #expect(layer.descriptor.mediaType == .ociLayer)
            #expect(try Digest.sha256(of: store.path(of: layer.diffID).readAll()) == layer.diffID)
        }
    }

    @Test(
        "entries that no layer can hold",
        arguments: [
            (["/abs"], AssemblerError.Code.invalidEntry), (["a/../b"], .invalidEntry), (["./a"], .invalidEntry),
            (["a//b"], .invalidEntry), (["a/"], .invalidEntry), ([""], .invalidEntry), (["a\0"], .invalidEntry),
            (["a/.wh.b"], .invalidEntry), (["a", "a/b"], .invalidEntry), (["a", "b", "a"], .duplicateEntry),
        ]
    )
    func refused(paths: [String], code: AssemblerError.Code) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory)
            let entries = paths.map { LayerEntry(path: $0, kind: .bytes([1], executable: false)) }
            let error = await #expect(throws: AssemblerError.self) {
                try await LayerWriter(store: store).write(entries, name: "l", compression: .deflate)
            }
            #expect(error?.code == code)
            try expectUntouched(store)
        }
    }

    /// To Swift both spellings are equal strings, to a file system they are two names.
    @Test func namesThatDifferInNormalizationAreTwo() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory)
            let entries = ["\u{e9}", "e\u{301}"].map { LayerEntry(path: $0, kind: .bytes([1], executable: false)) }
            let layer = try await LayerWriter(store: store, compression: .none)
                .write(entries, name: "l", compression: .deflate)
            let listing = try await tool("tar", ["-tf", store.path(of: layer.diffID).string])
            #expect(listing.split(separator: "\n").count == 2)
        }
    }

    @Test("a file with another size than listed", arguments: [99, 101, nil] as [Int64?])
    func changedFile(size: Int64?) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let file = directory.appending("f")
            if size != nil { try file.write(noise(100)) } else { try file.createDirectories() }
            let entry = LayerEntry(path: "f", kind: .file(file, size: size ?? 4096, executable: false))
            let error = await #expect(throws: AssemblerError.self) {
                try await LayerWriter(store: store).write([entry], name: "l", compression: .deflate)
            }
            #expect(error?.code == .fileChanged)
            try expectUntouched(store)
        }
    }

    @Test func missingFileIsNamed() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let entry = LayerEntry(path: "f", kind: .file(directory.appending("gone"), size: 1, executable: false))
            let error = await #expect(throws: FileSystemError.self) {
                try await LayerWriter(store: store).write([entry], name: "l", compression: .stored)
            }
            #expect(error?.path == directory.appending("gone"))
            try expectUntouched(store)
        }
    }

    @Test("a cancelled layer leaves nothing", arguments: [LayerCompression.stored, .deflate])
    func cancelled(compression: LayerCompression) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let file = try sparseFile(in: directory, size: 200 << 30)
            let entry = LayerEntry(path: "f", kind: .file(file, size: 200 << 30, executable: false))
            let task = Task { try await LayerWriter(store: store).write([entry], name: "l", compression: compression) }
            while try store.root.appending("ingest").entries().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(50))
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(20))
            try expectUntouched(store)
        }
    }
}

/// No blob, and nothing unfinished.
func expectUntouched(_ store: OCILayout, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let blobs = try store.root.appending("blobs/sha256").entries().map(\.string)
    let unfinished = try store.root.appending("ingest").entries().map(\.string)
    #expect(blobs == [], sourceLocation: sourceLocation)
    #expect(unfinished == [], sourceLocation: sourceLocation)
}

/// A file that takes no space on disk.
func sparseFile(in directory: FilePath, size: Int64) throws -> FilePath {
    let path = directory.appending("sparse")
    try path.write([])
    guard path.withPlatformString({ truncate($0, Int(size)) }) == 0 else { throw FileSystemError.last("extend", path) }
    return path
}
