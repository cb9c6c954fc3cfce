import FileSystem
import FoundationEssentials
import ImageAssembler
import OCI
import SystemPackage
import Testing

@testable import PythonLayers

@Suite struct BaseInterpreterTests {
    /// A layer as root file systems have them: devices, hard links, links to absolute paths.
    private static let program = """
        import io, sys, tarfile
        with tarfile.open(sys.argv[1], sys.argv[2]) as archive:
            def add(name, type=tarfile.REGTYPE, link="", data=b""):
                info = tarfile.TarInfo(name)
                info.type, info.linkname, info.size, info.mode = type, link, len(data), 0o755
                archive.addfile(info, io.BytesIO(data))
            add("./dev/null", tarfile.CHRTYPE)
            add("usr/bin/perl", data=b"x" * 100000)
            add("usr/bin/perl5.36.0", tarfile.LNKTYPE, "usr/bin/perl")
            add("etc/alternatives/awk", tarfile.SYMTYPE, "/usr/bin/mawk")
            add("usr/share/Schl\\u00fcssel", data=b"1")
            for name in sys.argv[3:]:
                add(name, data=b"elf")
            add("usr/bin/python3", tarfile.SYMTYPE, "python3.11")
        """

    private func layer(_ names: [String], mode: String, in directory: FilePath) async throws -> (Descriptor, [UInt8]) {
        let path = directory.appending("layer-\(names.count)-\(mode.suffix(2))")
        let result = try await Command.run(["python3", "-c", Self.program, path.string, mode] + names)
        try #require(result.succeeded, "\(result.error)")
        let bytes = try path.readAll()
        let descriptor = Descriptor(mediaType: .ociLayerGzip, digest: .sha256(of: bytes), size: Int64(bytes.count))
        return (descriptor, bytes)
    }

    private func find(_ base: BaseImage, _ wanted: PythonVersion?, _ directory: FilePath) async throws -> String {
        let cache = CacheDirectory(root: directory.appending("cache"))
        return try await BaseInterpreterFinder(cache: cache).interpreter(of: base, wanted: wanted).path
    }

    @Test func readsTheConfiguration() async throws {
        try await withWorkshop { directory in
            let official = try baseImage(environment: ["PATH=/x", "PYTHON_VERSION=3.11.9"])
            #expect(try await find(official, PythonVersion(3, 11), directory) == "/usr/local/bin/python3.11")
            let ours = try baseImage(label: "/usr/bin/python3.12")
            #expect(try await find(ours, nil, directory) == "/usr/bin/python3.12")
            let named = try baseImage(label: "/opt/py/bin/python", environment: ["PYTHON_VERSION=3.13.0"])
            #expect(try await find(named, PythonVersion(3, 13), directory) == "/opt/py/bin/python")
        }
    }

    @Test(arguments: ["w:gz", "w"]) func searchesTheLayers(mode: String) async throws {
        try await withWorkshop { directory in
            let bare = try await layer([], mode: mode, in: directory)
            let full = try await layer(
                ["usr/bin/python3.11-config", "./usr/bin/python3.11", "usr/lib/bin/python3.12"],
                mode: mode,
                in: directory
            )
            let half = full.1.count / 2
            let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array(full.1[..<half]))
                continuation.yield(Array(full.1[half...]))
                continuation.finish()
            }
            let base = try baseImage(layers: [(bare.0, .bytes(bare.1)), (full.0, .stream(stream))])
            #expect(try await find(base, PythonVersion(3, 11), directory) == "/usr/bin/python3.11")
            // The stream is used up: the answer has to come from the cache.
            #expect(try await find(base, PythonVersion(3, 11), directory) == "/usr/bin/python3.11")
            #expect(try directory.appending("cache").appending("unfinished").entries().isEmpty)
        }
    }

    @Test func saysWhichBaseToTake() async throws {
        try await withWorkshop { directory in
            let bare = try await layer([], mode: "w:gz", in: directory)
            let cases: [(BaseImage, PythonEnvironmentError.Code)] = [
                (try baseImage(layers: [(bare.0, .bytes(bare.1))]), .baseWithoutPython),
                (try baseImage(environment: ["PYTHON_VERSION=3.12.1"]), .pythonVersionMismatch),
            ]
            for (base, code) in cases {
                do {
                    _ = try await find(base, PythonVersion(3, 11), directory)
                    Issue.record("was found")
                } catch let error as PythonEnvironmentError {
                    #expect(error.code == code)
                    #expect(error.description.contains("python:3.11-slim"), "\(error)")
                }
            }
        }
    }

    @Test func noticesADamagedLayer() async throws {
        try await withWorkshop { directory in
            var (descriptor, bytes) = try await layer([], mode: "w:gz", in: directory)
            bytes.removeLast(bytes.count / 2)
            let base = try baseImage(layers: [(descriptor, .bytes(bytes))])
            await #expect(throws: PythonEnvironmentError.self) { try await find(base, nil, directory) }
            let other = try baseImage(layers: [(descriptor, .bytes(Array("no tar at all".utf8)))])
            await #expect(throws: PythonEnvironmentError.self) { try await find(other, nil, directory) }
        }
    }
}
