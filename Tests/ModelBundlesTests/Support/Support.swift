import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import Subprocess
import SystemPackage
import Testing

@testable import ModelBundles

/// A directory for one test, gone after it.
func withTestDirectory<Value>(_ body: (FilePath) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory(in: "/tmp", prefix: "bundles", body)
}

/// A cache in a directory, and the index it remembers files in.
func makeCache(in directory: FilePath, index: MemoryIndex = MemoryIndex()) async throws -> ModelCache {
    try await ModelCache.open(directory.appending("ormb"), index: index)
}

/// A layer index in memory that counts what is new.
actor MemoryIndex: LayerIndex {
    private var layers: [String: [Layer]] = [:]
    private(set) var recorded = 0

    func layers(for key: String) -> [Layer]? { layers[key] }

    func record(_ layers: [Layer], for key: String) {
        self.layers[key] = layers
        recorded += 1
    }
}

/// Runs a Python script in a directory, with helpers that write tars and layouts.
func python(_ script: String, in directory: FilePath) async throws {
    let prelude = """
        import gzip, hashlib, io, json, os, tarfile
        def member(name, data=b"", type=tarfile.REGTYPE, link=""):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size, info.mtime = type, link, len(data), 1700000000
            info.uid, info.gid, info.uname, info.gname, info.mode = 1000, 1000, "ann", "staff", 0o664
            return info, data
        def tar(*members, format=tarfile.PAX_FORMAT):
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
                for info, data in members:
                    archive.addfile(info, io.BytesIO(data))
            return buffer.getvalue()
        class Layout:
            def __init__(self, root):
                self.root, self.entries = root, []
                os.makedirs(root + "/blobs/sha256", exist_ok=True)
                open(root + "/oci-layout", "w").write('{"imageLayoutVersion":"1.0.0"}')
            def blob(self, data, type, **more):
                digest = hashlib.sha256(data).hexdigest()
                open(self.root + "/blobs/sha256/" + digest, "wb").write(data)
                return {"mediaType": type, "digest": "sha256:" + digest, "size": len(data), **more}
            def manifest(self, name, config, layers, **more):
                document = {"schemaVersion": 2, **more, "config": config, "layers": layers}
                entry = self.blob(json.dumps(document).encode(), "application/vnd.oci.image.manifest.v1+json")
                self.entries.append({**entry, "annotations": {"org.opencontainers.image.ref.name": name}})
                index = {"schemaVersion": 2, "manifests": self.entries}
                open(self.root + "/index.json", "w").write(json.dumps(index))
        """
    let result = try await run(
        .path("/usr/bin/python3"),
        arguments: ["-c", prelude + "\n" + script],
        workingDirectory: directory,
        output: .discarded,
        error: .string(limit: 1 << 20)
    )
    try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
}

extension FilePath {
    func write(_ bytes: some Sequence<UInt8>) throws {
        try removingLastComponent().createDirectories()
        try writeAtomically(bytes)
    }

    /// Every file below, by its relative path.
    func contents() throws -> [String: [UInt8]] {
        try Dictionary(
            uniqueKeysWithValues: ModelTree(of: self).files.map { ($0.path, try $0.location.readAll()) }
        )
    }
}

extension ImageReference {
    init(_ text: StaticString) {
        do { try self.init(parsing: "\(text)") } catch { preconditionFailure("\(error)") }
    }
}

/// Little-endian bytes.
func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
