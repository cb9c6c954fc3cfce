import FileSystem
import FoundationEssentials
import Glibc
import ImageAssembler
import JSON
import Logging
import OCI
import PythonLayers
import Synchronization
import SystemPackage
import Testing

@testable import CondaLayers

/// A directory for one test.
@discardableResult
func withWorkshop<Value>(_ body: (FilePath) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "conda-layers", body)
}

let projectRoot = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    .removingLastComponent()

/// A Python with py-rattler of the version that users get.
func solverPython() async throws -> String {
    let requirements = "\(projectRoot)/Tests/CondaLayersTests/requirements.txt"
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let result = try await Command.run(
        ["\(projectRoot)/scripts/python-environment", "conda-solver", requirements],
        environment: ["PATH": "\(projectRoot)/.tools/bin:\(path)"]
    )
    try #require(result.succeeded, "\(result.error)")
    return String(result.output.split(separator: "\n").last ?? "")
}

/// The channel of `Tests/Fixtures/conda`, with a Python of a few small files.
func makeChannel(at directory: FilePath) async throws {
    let program = "\(projectRoot)/Tests/Fixtures/conda/make_channel.py"
    let result = try await Command.run(["python3", "-B", program, directory.string])
    try #require(result.succeeded, "\(result.error)")
}

/// An image of which only what a generator reads is there.
func baseImage(platform: Platform = Platform(architecture: "amd64", os: "linux"), history: String? = nil) throws
    -> BaseImage
{
    let configuration = ImageConfiguration(
        platform: platform,
        execution: ImageConfiguration.Execution(),
        diffIDs: [],
        history: history.map { [ImageConfiguration.HistoryEntry(created: nil, createdBy: $0)] } ?? [],
        created: nil
    )
    let bytes = try CanonicalJSON.encode(configuration)
    let descriptor = Descriptor(mediaType: .ociConfiguration, digest: .sha256(of: bytes), size: Int64(bytes.count))
    return BaseImage(
        reference: try ImageReference(parsing: "registry.test/base:1"),
        descriptor: descriptor,
        manifest: ImageManifest(config: descriptor, layers: []),
        configuration: configuration,
        source: NoBlobs()
    )
}

struct NoBlobs: ImageSource {
    var origin: ImageOrigin { .registry(host: "registry.test", repository: "base") }

    func manifest(_ selector: ManifestSelector) async throws -> StoredManifest {
        StoredManifest(mediaType: .ociManifest, bytes: .init())
    }

    func blob(_ descriptor: Descriptor) async throws -> BlobContent { .bytes(.init()) }
}

let noNetwork: WheelFetcher = { request, _ in
    throw PythonEnvironmentError(.downloadFailed, "the test asked for \(request.url)")
}

/// What is in layers, by path: the text of files, "-> target" of links.
func contents(of plans: [LayerPlan]) async throws -> [String: String] {
    var contents: [String: String] = [:]
    for plan in plans {
        for entry in try await plan.entries() {
            switch entry.kind {
            case .symbolicLink(let target): contents[entry.path] = "-> \(target)"
            case .file(let path, let size, _):
                let bytes = try path.readAll()
                #expect(Int64(bytes.count) == size, "\(entry.path)")
                contents[entry.path] = String(decoding: bytes, as: UTF8.self)
            case .bytes(let bytes, _): contents[entry.path] = String(decoding: bytes, as: UTF8.self)
            default: continue
            }
        }
    }
    return contents
}

/// Keeps what is logged.
final class Journal: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logger: Logger { Logger(label: "test") { _ in Handler(journal: self) } }

    private struct Handler: LogHandler {
        let journal: Journal
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { journal.lines.withLock { $0.append("\(event.message)") } }
    }
}
