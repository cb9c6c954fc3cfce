import ArgumentParser
import FileSystem
import Foundation
import Logging
import ModelBundles
import OCI
import PackagerCore
import Registry
import SystemPackage
import Transfer

/// Where models are kept, and how they are named.
struct ModelOptions: ParsableArguments {
    @Option(name: .long, help: "Where models and logins are kept (ORMB_ROOTPATH; ~/.ormb).")
    var root: String?

    @Flag(name: .long, help: "Read HOST/NAME:TAG as HOST/NAME/NAME:TAG, as ORMB does.")
    var ormbNames = false

    @OptionGroup var data: DataOptions

    var directory: FilePath {
        let environment = ProcessInfo.processInfo.environment
        let given = (root ?? environment["ORMB_ROOTPATH"]).flatMap { $0.isEmpty ? nil : $0 }
        return (given.map { FilePath($0) } ?? FilePath(environment["HOME"] ?? ".").appending(".ormb")).absolute
    }

    /// ORMB's own file of credentials, of Docker's form.
    var credentials: FilePath { directory.appending("config.json") }

    /// What changes that file.
    var logins: RegistryLogin {
        RegistryLogin(file: credentials, environment: ProcessInfo.processInfo.environment)
    }

    /// Opens the cache; the data directory's database remembers which files have been read.
    func cache() async throws -> ModelCache {
        let database = try await PackagerDatabase(in: data.directory)
        return try await ModelCache.open(directory, index: database, locations: database)
    }

    /// - Throws: ``CommandError`` for a name that has neither tag nor digest.
    func reference(_ text: String) throws -> ImageReference {
        let reference = try ImageReference(parsing: text)
        guard reference.tag != nil || reference.digest != nil else {
            throw CommandError("tag explicitly required: \(text) has none; write \(text):TAG")
        }
        return ormbNames ? reference.expandedAsORMB : reference
    }
}

/// How registries are visited.
struct ModelRegistryOptions: ParsableArguments {
    @Flag(name: .long, help: "Speak HTTP without TLS to the registry. Loopback addresses need no permission.")
    var plainHTTP = false

    @Flag(name: .long, help: "Do not verify the registry's certificate.")
    var insecure = false

    /// Credentials are looked for in ORMB's file, then in those of Docker and Podman.
    ///
    /// - Parameter given: goes before all others.
    func client(
        for hosts: [String],
        _ options: ModelOptions,
        given: (any CredentialStore)? = nil
    ) throws -> RegistryClient {
        let stores: [any CredentialStore] = [
            DockerCredentials(file: options.credentials, environment: ProcessInfo.processInfo.environment),
            DockerCredentials(),
        ]
        var configuration = HTTPClient.Configuration()
        configuration.verifiesCertificates = !insecure
        var registry = RegistryClient.Options()
        registry.manifestLimit = ModelBundle.manifestLimit
        registry.plainHTTP = plainHTTP ? Set(hosts) : []
        return RegistryClient(
            http: try HTTPClient(configuration: configuration),
            credentials: CredentialChain([given].compactMap(\.self) + stores),
            options: registry,
            logger: .commandLine()
        )
    }

    func repository(_ reference: ImageReference, _ options: ModelOptions) throws -> RegistryRepository {
        try client(for: [reference.resolvedHost], options).repository(for: reference)
    }
}
