import FileSystem
import ImageAssembler
import JSON
package import OCI
import Registry
import SystemPackage

/// Gathers what a packaging needs: used to refuse it before it is stored, and again when its job runs.
package struct PackagingPreparation: Sendable {
    let database: PackagerDatabase
    let artifacts: ArtifactStore
    let integrations: IntegrationCatalog
    let locations: FileLocations

    /// The request for the corridor.
    ///
    /// - Throws: ``ServiceError`` `invalid` with everything that is wrong, as at the packaging's creation.
    package func request(for packaging: ModelPackaging, platform: Platform = .host) async throws -> PackagingRequest {
        let packaging = try await validated(packaging)
        let spec = packaging.spec
        guard let integration = try await integrations.find(spec.integrationName), let builtIn = integration.builtIn
        else {
            throw ServiceError.notFound(spec.integrationName)
        }
        let artifact = try await artifact(spec)
        var target: PackagingRequest.Target?
        var known: [String: Credentials] = [:]
        for wanted in spec.targets ?? [] {
            guard let connection = try await database.connection(wanted.connectionName) else {
                throw ServiceError.notFound(wanted.connectionName)
            }
            let address = RegistryAddress(connection.spec.uri)
            if connection.spec.type == "docker", let address, let credentials = connection.credentials {
                // What is given for pulling wins over what is given for pushing to the same host.
                if wanted.name == Self.pullTarget || known[address.host] == nil { known[address.host] = credentials }
            }
            guard wanted.name == Self.pushTarget else { continue }
            if connection.spec.type == "docker", let address {
                let credentials = ConnectionCredentials([address.host: connection.credentials].compactMapValues { $0 })
                target = .registry(prefix: address.prefix, credentials: credentials, plainHTTP: address.plainHTTP)
            } else {
                target = .store
            }
        }
        return PackagingRequest(
            artifact: artifact,
            fallbackName: Self.stem(of: spec.artifactName),
            integration: builtIn,
            arguments: integration.arguments(spec.arguments ?? [:]),
            target: target ?? .store,
            tag: nil,
            pullCredentials: ConnectionCredentials(known),
            platform: platform
        )
    }

    static let pushTarget = "docker-push"
    static let pullTarget = "docker-pull"

    /// The artifact's file or directory; its digest too when it is in the local store.
    private func artifact(_ spec: ModelPackaging.Spec) async throws -> PackagingRequest.Artifact {
        let path = try await artifactPath(spec)
        if path.isDirectory { return .directory(path) }
        guard path == (try? artifacts.path(of: spec.artifactName)) else { return .archive(path, digest: nil) }
        return .archive(path, digest: try await artifacts.digest(of: spec.artifactName))
    }

    /// A model that has no name of its own is called after its artifact, without what tells the kind of archive.
    static func stem(of name: String) -> String {
        let extensions = [".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz", ".txz", ".zip", ".tar"]
        guard let ending = extensions.first(where: { name.lowercased().hasSuffix($0) && name.count > $0.count }) else {
            return name
        }
        return String(name.dropLast(ending.count))
    }
}
