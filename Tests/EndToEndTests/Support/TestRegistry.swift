import FileSystem
import FoundationEssentials
import SystemPackage

/// Debian's registry with a password on it, and what its log tells about uploads.
struct TestRegistry: Sendable {
    static let username = "packager"
    static let password = "wine & cheese"

    var port: Int
    var log: FilePath
    /// A directory with a `config.json` that holds the credentials, as `docker login` writes it.
    var credentials: FilePath

    /// The registry's name in references.
    var host: String { "127.0.0.1:\(port)" }

    /// What was uploaded to a repository: digests of blobs, and how many manifests.
    struct Uploads: Sendable, Equatable {
        var blobs: [String] = []
        var mounted: [String] = []
        var manifests = 0
        /// Requests that brought bytes, and were refused.
        var refused = 0
    }

    /// How many bytes of a blob lie in the registry.
    func size(of digest: String) throws -> Int64 {
        let name = digest.split(separator: ":").last ?? ""
        let blob = log.removingLastComponent().appending("registry/docker/registry/v2/blobs/sha256")
            .appending("\(name.prefix(2))/\(name)/data")
        return try FileIdentity(of: blob).size
    }

    /// Reads the uploads of one repository from the access log.
    func uploads(to repository: String) throws -> Uploads {
        var uploads = Uploads()
        for line in try log.text().split(separator: "\n") {
            // 127.0.0.1 - - [time] "PUT /v2/wine/blobs/uploads/…?…&digest=sha256:… HTTP/1.1" 201 0 "" "agent"
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count > 2 else { continue }
            let request = parts[1].split(separator: " ")
            guard request.count == 3 else { continue }
            let (method, target) = (request[0], request[1])
            if ["PATCH", "PUT"].contains(method), target.hasPrefix("/v2/\(repository)/blobs/"),
                !parts[2].hasPrefix(" 20")
            {
                uploads.refused += 1
            }
            guard parts[2].hasPrefix(" 201 ") else { continue }
            if target.hasPrefix("/v2/\(repository)/blobs/uploads/") {
                guard let digest = parameter("digest", of: target) ?? parameter("mount", of: target) else { continue }
                if parameter("mount", of: target) != nil {
                    uploads.mounted.append(digest)
                } else {
                    uploads.blobs.append(digest)
                }
            } else if method == "PUT", target.hasPrefix("/v2/\(repository)/manifests/") {
                uploads.manifests += 1
            }
        }
        return uploads
    }

    private func parameter(_ name: String, of target: Substring) -> String? {
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let pair = query.split(separator: "&").first { $0.hasPrefix("\(name)=") }
        return pair.map { String($0.dropFirst(name.count + 1).replacing("%3A", with: ":").replacing("%3a", with: ":")) }
    }
}

/// Runs a registry in a directory of its own.
func withRegistry<Value: Sendable>(
    in directory: FilePath,
    port: Int,
    _ body: @Sendable (TestRegistry) async throws -> Value
) async throws -> Value {
    let registry = TestRegistry(
        port: port,
        log: directory.appending("registry.log"),
        credentials: directory.appending("credentials")
    )
    let passwords = try await command(
        "htpasswd",
        ["-B", "-i", "-n", TestRegistry.username],
        input: TestRegistry.password
    ).succeeded()
    try directory.appending("htpasswd").write(passwords.line + "\n")
    let configuration = directory.appending("registry.yml")
    try configuration.write(
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: false}}
        storage: {filesystem: {rootdirectory: "\(directory)/registry"}, delete: {enabled: true}}
        http: {addr: "\(registry.host)", secret: "0123456789"}
        auth: {htpasswd: {realm: test, path: "\(directory)/htpasswd"}}

        """
    )
    let pair = Data("\(TestRegistry.username):\(TestRegistry.password)".utf8).base64EncodedString()
    try registry.credentials.createDirectories()
    try registry.credentials.appending("config.json").write(
        #"{"auths": {"\#(registry.host)": {"auth": "\#(pair)"}}}"#
    )
    return try await withDaemon(
        "docker-registry",
        ["serve", configuration.string],
        log: registry.log,
        isReady: { _ in try await http("GET", "http://\(registry.host)/v2/").status == 401 },
        { _ in try await body(registry) }
    )
}
