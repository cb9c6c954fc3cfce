extension PackagerService {
    package func create(_ integration: PackagingIntegration) async throws -> PackagingIntegration {
        try validate(integration)
        var integration = integration
        integration.createdAt = RFC3339.now()
        integration.updatedAt = integration.createdAt
        let isNew = !catalog.isBuiltIn(integration.id)
        guard isNew, try await database.insert(integration) else { throw ServiceError.alreadyExists(integration.id) }
        return integration
    }

    /// - Throws: `forbidden` for a built-in one, `preconditionFailed` for another version than was expected.
    package func update(
        _ integration: PackagingIntegration,
        expecting expected: ExpectedVersion? = nil
    ) async throws -> PackagingIntegration {
        try validate(integration)
        try refuseBuiltIn(integration.id)
        var integration = integration
        integration.updatedAt = RFC3339.now()
        guard try await database.replace(integration, expecting: expected) else {
            throw ServiceError.notFound(integration.id)
        }
        return try await self.integration(integration.id)
    }

    package func integration(_ id: String) async throws -> PackagingIntegration {
        guard let entry = try await catalog.find(id) else { throw ServiceError.notFound(id) }
        return entry.definition
    }

    package func integrations(_ page: Page = Page()) async throws -> [PackagingIntegration] {
        try await catalog.all(page)
    }

    /// - Throws: `forbidden` for a built-in one.
    package func deleteIntegration(_ id: String) async throws {
        try refuseBuiltIn(id)
        guard try await database.removeIntegration(id) else { throw ServiceError.notFound(id) }
    }

    private func validate(_ integration: PackagingIntegration) throws {
        let errors = IntegrationValidation.errors(integration)
        guard errors.isEmpty else {
            throw ServiceError(
                .invalid,
                "Validation of packaging integration is failed: " + errors.joined(separator: "; ")
            )
        }
    }

    private func refuseBuiltIn(_ id: String) throws {
        guard catalog.isBuiltIn(id) else { return }
        throw ServiceError(
            .forbidden,
            "packaging integration \"\(id)\" is built in and cannot be changed or deleted: create one with another id and the same entrypoint"
        )
    }
}
