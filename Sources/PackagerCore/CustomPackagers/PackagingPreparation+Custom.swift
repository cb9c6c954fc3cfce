import OCI

extension PackagingPreparation {
    /// What a packaging's job does, by its integration.
    ///
    /// - Parameter isJob: see ``CustomPackagingRequest``.
    /// - Throws: ``ServiceError`` `invalid` with everything that is wrong, as at the packaging's creation.
    func work(for packaging: ModelPackaging, isJob: Bool) async throws -> PackagingWork {
        let packaging = try await validated(packaging)
        guard let integration = try await integration(packaging.spec.integrationName) else {
            throw ServiceError.notFound(packaging.spec.integrationName)
        }
        guard integration.builtIn == nil else { return .recipe(try await request(validated: packaging)) }
        return .custom(try await customRequest(for: packaging, by: integration.definition, isJob: isJob))
    }

    private func customRequest(
        for packaging: ModelPackaging,
        by integration: PackagingIntegration,
        isJob: Bool
    ) async throws -> CustomPackagingRequest {
        let spec = packaging.spec
        var targets: [PackagerInput.Target] = []
        for target in spec.targets ?? [] {
            targets.append(.init(name: target.name, connection: try await required(target.connectionName)))
        }
        let visits = targets.compactMap { target in
            target.connection.spec.type == "docker" ? RegistryVisit(target.connection) : nil
        }
        return CustomPackagingRequest(
            artifact: try await artifact(spec).asIs,
            input: PackagerInput(
                modelHolder: try await required(spec.outputConnection ?? ""),
                modelPackaging: packaging,
                packagingIntegration: integration,
                trainingZipName: spec.artifactName,
                targets: targets
            ),
            image: try ImageReference(parsing: spec.image ?? integration.spec.defaultImage),
            pull: RegistryAccess(visits),
            limits: (spec.resources ?? ResourceValidation.defaults).containerLimits,
            isJob: isJob
        )
    }

    private func required(_ id: String) async throws -> Connection {
        guard let connection = try await connection(id) else { throw ServiceError.notFound(id) }
        return connection
    }
}
