extension PackagerService {
    package func create(_ integration: PackagingIntegration) async throws -> PackagingIntegration {
        throw ServiceError.alreadyExists(integration.id)
    }

    /// - Throws: `forbidden` for a built-in one.
    package func update(_ integration: PackagingIntegration) async throws -> PackagingIntegration {
        throw ServiceError.notFound(integration.id)
    }

    package func integration(_ id: String) async throws -> PackagingIntegration { throw ServiceError.notFound(id) }

    package func integrations(_ page: Page = Page()) async throws -> [PackagingIntegration] { [] }

    /// - Throws: `forbidden` for a built-in one.
    package func deleteIntegration(_ id: String) async throws { throw ServiceError.notFound(id) }
}
