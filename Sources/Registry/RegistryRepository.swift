package import OCI
import Synchronization
import Transfer

/// One repository of a registry, as a source and a destination of images.
package struct RegistryRepository: Sendable {
    let client: RegistryClient
    let host: RegistryHost
    let name: String
    let openUploads = OpenUploads()

    package var origin: ImageOrigin { .registry(host: host.name, repository: name) }

    /// `host/repository`, for messages.
    var fullName: String { "\(host.name)/\(name)" }

    init(client: RegistryClient, host: RegistryHost, name: String) {
        self.client = client
        self.host = host
        self.name = name
    }
}

/// Upload sessions that a registry opened in place of a mount, until the blob is put.
final class OpenUploads: Sendable {
    private let sessions = Mutex<[Digest: HTTPURL]>([:])

    func keep(_ session: HTTPURL, for digest: Digest) { sessions.withLock { $0[digest] = session } }
    func take(_ digest: Digest) -> HTTPURL? { sessions.withLock { $0.removeValue(forKey: digest) } }
}
