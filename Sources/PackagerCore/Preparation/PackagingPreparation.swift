/// Gathers what a packaging needs: used to refuse it before it is stored, and again when its job runs.
struct PackagingPreparation: Sendable {
    let database: PackagerDatabase
    let artifacts: ArtifactStore
    let integrations: IntegrationCatalog
    let locations: FileLocations
    let quickInspection: QuickInspection
    let builders: BuilderPolicy
    let defaults: PackagingDefaults
    let customPackagers: CustomPackagerPolicy
    /// What a local run brings along; it goes before what is stored.
    var local = LocalInputs()

    /// The request for the corridor.
    ///
    /// - Throws: ``ServiceError`` `invalid` with everything that is wrong, as at the packaging's creation.
    func request(for packaging: ModelPackaging) async throws -> PackagingRequest {
        try await request(validated: validated(packaging))
    }

    /// - Parameter hashesArtifact: reads an artifact whose digest is not known yet, which takes time.
    func request(validated packaging: ModelPackaging, hashesArtifact: Bool = true) async throws -> PackagingRequest {
        let spec = packaging.spec
        guard let integration = try await integration(spec.integrationName) else {
            throw ServiceError.notFound(spec.integrationName)
        }
        guard let builtIn = integration.builtIn else {
            throw Self.refusal(
                "packaging integration \"\(spec.integrationName)\" brings an image of its own: what it makes is known when it has run"
            )
        }
        let artifact = try await artifact(spec)
        var request = PackagingRequest(
            artifact: hashesArtifact ? try await artifact.hashed(by: artifacts) : artifact.asIs,
            fallbackName: artifact.fallbackName,
            integration: builtIn,
            arguments: integration.arguments(spec.arguments ?? [:])
        )
        var pulling: [RegistryVisit] = []
        for wanted in spec.targets ?? [] {
            guard let connection = try await connection(wanted.connectionName) else {
                throw ServiceError.notFound(wanted.connectionName)
            }
            guard connection.spec.type == "docker", let visit = RegistryVisit(connection) else { continue }
            if wanted.name == Self.pushTarget {
                request.target = .registry(RegistryAccess([visit]))
                request.prefix = visit.address.prefix
                pulling.append(visit)
            } else {
                // What is given for pulling wins over what is given for pushing to the same host.
                pulling.insert(visit, at: 0)
            }
        }
        request.pull = RegistryAccess(pulling)
        return request
    }

    func integration(_ id: String) async throws -> IntegrationCatalog.Entry? {
        if let definition = local.integrations.first(where: { $0.id == id }) { return integrations.entry(definition) }
        return try await integrations.find(id)
    }

    func connection(_ id: String) async throws -> Connection? {
        if let local = local.connections.first(where: { $0.id == id }) { return local }
        return try await database.connection(id)
    }

    static let pushTarget = "docker-push"
    static let pullTarget = "docker-pull"
}
