import FoundationEssentials
import HTTPTypes
import JSON
import Logging
import OCI
import Registry
import SystemPackage
import Testing
import Transfer

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A repository at an address, through a client of its own with short limits.
func repository(
    _ name: String,
    credentials: any CredentialStore = StaticCredentials(),
    plainHTTP: Set<String> = []
) throws -> RegistryRepository {
    try client(credentials, plainHTTP: plainHTTP).repository(for: ImageReference(parsing: name))
}

func client(
    _ credentials: any CredentialStore = StaticCredentials(),
    plainHTTP: Set<String> = []
) throws -> RegistryClient {
    var configuration = HTTPClient.Configuration()
    configuration.idleTimeout = .seconds(15)
    configuration.responseTimeout = .seconds(15)
    var options = RegistryClient.Options()
    options.plainHTTP = plainHTTP
    return RegistryClient(
        http: try HTTPClient(configuration: configuration),
        credentials: credentials,
        options: options,
        logger: quiet
    )
}

func blob(_ text: String) -> (Descriptor, [UInt8]) { blob(Array(text.utf8)) }

func blob(_ bytes: [UInt8]) -> (Descriptor, [UInt8]) {
    (Descriptor(mediaType: .ociLayer, digest: .sha256(of: bytes), size: Int64(bytes.count)), bytes)
}

func manifest(config: Descriptor, layers: [Descriptor]) throws -> StoredManifest {
    var config = config
    config.mediaType = .ociConfiguration
    let manifest = ImageManifest(config: config, layers: layers)
    return StoredManifest(mediaType: .ociManifest, bytes: try CanonicalJSON.encode(manifest))
}

/// Chunks of 64 KiB, read once.
func stream(_ bytes: [UInt8]) -> BlobContent {
    .stream(
        AsyncThrowingStream { continuation in
            for start in Swift.stride(from: 0, to: bytes.count, by: 1 << 16) {
                continuation.yield(Array(bytes[start..<min(start + 1 << 16, bytes.count)]))
            }
            continuation.finish()
        }
    )
}

func bytes(of content: BlobContent) async throws -> [UInt8] {
    switch content {
    case .bytes(let bytes): return bytes
    case .file(let path): return try Array(Data(contentsOf: URL(filePath: path.string)))
    case .stream(let chunks):
        var bytes: [UInt8] = []
        for try await chunk in chunks { bytes += chunk }
        return bytes
    }
}

@discardableResult
func expectError<Value>(
    _ code: RegistryError.Code,
    saying text: String = "",
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async -> RegistryError? {
    do {
        _ = try await body()
        Issue.record("no error", sourceLocation: sourceLocation)
    } catch let error as RegistryError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(text.isEmpty || error.description.contains(text), "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
    return nil
}
