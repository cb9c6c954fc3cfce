import FileSystem
import FoundationEssentials
import Glibc
import ImageAssembler
import JSON
import Logging
import OCI
import SystemPackage
import Testing

@testable import PythonLayers

/// A directory for one test.
@discardableResult
func withWorkshop<Value>(_ body: (FilePath) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "python-layers", body)
}

/// The Python of this machine, in the role of a base image's.
func hostInterpreter() async throws -> BaseInterpreter {
    let program = "import sys; print(*sys.version_info[:2], sep='.'); print(sys._base_executable)"
    let result = try await Command.run(["python3", "-I", "-c", program])
    let lines = result.output.split(separator: "\n").map(String.init)
    let version = try #require(lines.first.flatMap { PythonVersion($0) })
    return BaseInterpreter(path: try #require(lines.last), version: version)
}

/// An image of which only what a generator reads is there.
func baseImage(
    label: String? = nil,
    environment: [String] = [],
    platform: Platform = .host,
    history: [String] = [],
    layers: [(Descriptor, BlobContent)] = []
) throws -> BaseImage {
    var execution = ImageConfiguration.Execution()
    execution.environment = environment
    if let label { execution.labels = [BaseInterpreter.label: label] }
    let configuration = ImageConfiguration(
        platform: platform,
        execution: execution,
        diffIDs: [],
        history: history.map { ImageConfiguration.HistoryEntry(created: nil, createdBy: $0) },
        created: nil
    )
    let bytes = try CanonicalJSON.encode(configuration)
    let descriptor = Descriptor(mediaType: .ociConfiguration, digest: .sha256(of: bytes), size: Int64(bytes.count))
    return BaseImage(
        reference: try ImageReference(parsing: "registry.test/base:1"),
        descriptor: descriptor,
        manifest: ImageManifest(config: descriptor, layers: layers.map(\.0)),
        configuration: configuration,
        source: Blobs(blobs: Dictionary(uniqueKeysWithValues: layers.map { ($0.0.digest, $0.1) }))
    )
}

struct Blobs: ImageSource {
    var blobs: [Digest: BlobContent]
    var origin: ImageOrigin { .registry(host: "registry.test", repository: "base") }

    func manifest(_ selector: ManifestSelector) async throws -> StoredManifest {
        StoredManifest(mediaType: .ociManifest, bytes: .init())
    }

    func blob(_ descriptor: Descriptor) async throws -> BlobContent { try #require(blobs[descriptor.digest]) }
}

/// Writes a layer's entries below a directory, as a container engine unpacks them.
func materialize(_ entries: [LayerEntry], into root: FilePath) throws {
    for entry in entries {
        let path = root.pushing(FilePath(entry.path))
        try path.removingLastComponent().createDirectories()
        switch entry.kind {
        case .directory: try path.createDirectories()
        case .symbolicLink(let target):
            try path.removeTree()
            #expect(symlink(target, path.string) == 0, "\(path)")
        case .file(let source, let size, let executable):
            let bytes = try source.readAll(limit: 1 << 30)
            #expect(Int64(bytes.count) == size, "\(path)")
            try write(bytes, to: path, executable: executable)
        case .bytes(let bytes, let executable): try write(bytes, to: path, executable: executable)
        case .removed: try path.removeTree()
        }
    }
}

private func write(_ bytes: [UInt8], to path: FilePath, executable: Bool) throws {
    let file = try FileDescriptor.open(
        path,
        .writeOnly,
        options: [.create, .truncate],
        permissions: FilePermissions(rawValue: executable ? 0o755 : 0o644)
    )
    try file.closeAfter { _ = try file.writeAll(bytes) }
}

/// Makes all plans' entries and writes them below a root; lowest first.
func build(_ plans: [LayerPlan], into root: FilePath) async throws {
    for plan in plans { try materialize(try await plan.entries(), into: root) }
}

extension LayerEntry {
    /// The content of a small file.
    var text: String {
        get throws {
            switch kind {
            case .bytes(let bytes, _): String(decoding: bytes, as: UTF8.self)
            case .file(let path, _, _): String(decoding: try path.readAll(), as: UTF8.self)
            case .directory, .symbolicLink, .removed: ""
            }
        }
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Tests that need no network use this: every download fails.
let noNetwork: WheelFetcher = { request, _ in
    throw PythonEnvironmentError(.downloadFailed, "the test asked for \(request.url)")
}
