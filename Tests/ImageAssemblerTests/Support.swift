import FileSystem
import Glibc
import ImageAssembler
import JSON
import Logging
import OCI
import Subprocess
import SystemPackage

/// A directory for one test, gone after it.
func withTestDirectory<Value>(_ body: (FilePath) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "assembler", body)
}

/// Runs a program and returns what it printed; a failure throws what it said.
@discardableResult
func tool(_ name: String, _ arguments: [String], in directory: FilePath? = nil) async throws -> String {
    let result = try await Subprocess.run(
        .name(name),
        arguments: Arguments(arguments),
        workingDirectory: directory,
        output: .string(limit: 64 << 20),
        error: .string(limit: 1 << 20)
    )
    guard result.terminationStatus.isSuccess else {
        throw ToolFailure(description: "\(name) \(arguments): \(result.standardError)")
    }
    return result.standardOutput
}

struct ToolFailure: Error, CustomStringConvertible { var description: String }

extension FilePath {
    func write(_ bytes: some Sequence<UInt8>, mode: FilePermissions = [.ownerReadWrite]) throws {
        try removingLastComponent().createDirectories()
        try writeAtomically(bytes, permissions: mode)
    }
}

/// Bytes that do not compress, the same for one seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    var words = [UInt64](repeating: 0, count: count / 8 + 1)
    for index in words.indices {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        words[index] = state
    }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
}

/// A layer index in memory that counts what it is asked.
actor MemoryIndex: LayerIndex {
    private(set) var layers: [String: [Layer]] = [:]

    /// The keys that were looked up, in order.
    private(set) var lookups: [String] = []

    func layers(for key: String) -> [Layer]? {
        lookups.append(key)
        return layers[key]
    }

    func record(_ layers: [Layer], for key: String) { self.layers[key] = layers }
}

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Counts calls from several tasks.
actor Counter {
    private(set) var count = 0

    func increment() { count += 1 }
}

/// A repository in memory, of a registry as it were, that remembers what happened to it.
actor MemoryRepository: ImageSource, ImageDestination {
    nonisolated let origin: ImageOrigin
    private(set) var blobs: [Digest: [UInt8]] = [:]
    private(set) var manifests: [ManifestSelector: StoredManifest] = [:]
    private(set) var log: [String] = []
    private var mountable: Set<Digest>

    init(host: String = "registry.test", repository: String, mountable: Set<Digest> = []) {
        origin = .registry(host: host, repository: repository)
        self.mountable = mountable
    }

    func manifest(_ selector: ManifestSelector) throws -> StoredManifest {
        guard let manifest = manifests[selector] else { throw BlobError(.sha256(of: []), "is not there") }
        return manifest
    }

    func blob(_ descriptor: Descriptor) throws -> BlobContent {
        guard let bytes = blobs[descriptor.digest] else { throw BlobError(descriptor.digest, "is not there") }
        return .stream(chunks(bytes))
    }

    func contains(_ blob: Descriptor) -> Bool { blobs[blob.digest] != nil }

    func mount(_ blob: Descriptor, from origin: ImageOrigin) -> Bool {
        log.append("mount \(blob.digest.short) from \(origin)")
        return mountable.contains(blob.digest)
    }

    func put(_ blob: Descriptor, _ content: BlobContent) async throws {
        log.append("put \(blob.digest.short)")
        var bytes: [UInt8] = []
        switch content {
        case .bytes(let all): bytes = all
        case .file(let path): bytes = try path.readAll()
        case .stream(let chunks): for try await chunk in chunks { bytes += chunk }
        }
        blobs[blob.digest] = bytes
    }

    func put(_ manifest: StoredManifest, tag: String?) {
        log.append("manifest \(tag ?? "-")")
        manifests[.digest(manifest.descriptor.digest)] = manifest
        if let tag { manifests[.tag(tag)] = manifest }
    }
}

/// Bytes in chunks of 1000.
func chunks(_ bytes: [UInt8]) -> any AsyncSequence<[UInt8], any Error> & Sendable {
    AsyncThrowingStream<[UInt8], any Error> { continuation in
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            continuation.yield(Array(bytes[start..<min(bytes.count, start + 1000)]))
        }
        continuation.finish()
    }
}

extension Descriptor {
    init(_ bytes: [UInt8], _ type: MediaType = .ociLayer) {
        self.init(mediaType: type, digest: .sha256(of: bytes), size: Int64(bytes.count))
    }
}

/// A base image of one layer in a repository, with Docker's media types.
func makeBase(
    in repository: some ImageSource & ImageDestination,
    tag: String = "1",
    platform: Platform = Platform(architecture: "amd64"),
    store: OCILayout
) async throws -> BaseImage {
    let entries = [
        LayerEntry(path: "etc/os-release", kind: .bytes(Array("ID=test\n".utf8), executable: false)),
        LayerEntry(path: "bin/sh", kind: .bytes(Array("#!\n".utf8), executable: true)),
    ]
    let layer = try await LayerWriter(store: store, compression: .small).write(
        entries,
        name: "base",
        compression: .deflate
    )
    var descriptor = layer.descriptor
    descriptor.mediaType = .dockerLayerGzip
    try await repository.put(descriptor, store.wholeRepository.blob(layer.descriptor))
    var execution = ImageConfiguration.Execution()
    execution.environment = ["PATH=/usr/local/bin:/bin", "LANG=C.UTF-8", "KEPT=a=b"]
    execution.command = ["sh"]
    execution.labels = ["base": "yes"]
    execution.exposedPorts = ["80/tcp": ImageConfiguration.Empty()]
    let configuration = ImageConfiguration(
        platform: platform,
        execution: execution,
        diffIDs: [layer.diffID],
        history: nil,
        created: "2024-01-01T00:00:00Z"
    )
    let bytes = Array(try CanonicalJSON.encode(configuration))
    let config = Descriptor(bytes, .dockerConfiguration)
    try await repository.put(config, .bytes(bytes))
    let manifest = ImageManifest(mediaType: .dockerManifest, config: config, layers: [descriptor])
    try await repository.put(
        StoredManifest(mediaType: .dockerManifest, bytes: CanonicalJSON.encode(manifest)),
        tag: tag
    )
    return try await BaseImage.resolve(
        ImageReference(parsing: "registry.test/base/test:\(tag)"),
        from: repository,
        platform: platform
    )
}

func symlinkTo(_ target: String, _ path: UnsafePointer<CChar>) -> Bool { symlink(target, path) == 0 }

func makePipe(_ path: UnsafePointer<CChar>) -> Bool { mkfifo(path, 0o600) == 0 }
