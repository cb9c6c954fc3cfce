import FileSystem
import FoundationEssentials
import SystemPackage

extension PackagerService {
    /// Validates and stores a packaging and queues its job. The reply's state is `unknown`.
    package func create(_ packaging: ModelPackaging) async throws -> ModelPackaging {
        var packaging = try await preparation.validated(packaging)
        try await preparation.checkModel(of: packaging)
        packaging.createdAt = RFC3339.now()
        packaging.updatedAt = packaging.createdAt
        guard try await database.insert(packaging) else { throw ServiceError.alreadyExists(packaging.id) }
        packaging.status = ModelPackaging.Status(state: .unknown)
        return packaging
    }

    /// Replaces a packaging and runs it again; a running job of it is cancelled. The reply's state is `unknown`.
    package func update(_ packaging: ModelPackaging) async throws -> ModelPackaging {
        var packaging = try await preparation.validated(packaging)
        try await preparation.checkModel(of: packaging)
        packaging.updatedAt = RFC3339.now()
        guard let created = try await database.replace(packaging) else { throw ServiceError.notFound(packaging.id) }
        packaging.createdAt = created
        packaging.status = ModelPackaging.Status(state: .unknown)
        return packaging
    }

    package func packaging(_ id: String) async throws -> ModelPackaging {
        guard let packaging = try await database.packaging(id) else { throw ServiceError.notFound(id) }
        return packaging
    }

    /// - Parameter integrations: only packagings of these; all when empty or when it holds `*`.
    package func packagings(_ page: Page = Page(), integrations: [String] = []) async throws -> [ModelPackaging] {
        try await database.packagings(page, integrations: integrations.contains("*") ? [] : integrations)
    }

    /// Removes a packaging, its logs and its job, which stops within a second when it runs.
    package func deletePackaging(_ id: String) async throws {
        guard try await database.removePackaging(id) else { throw ServiceError.notFound(id) }
        let logs = configuration.directory.logs.appending(id)
        try await blocking { try logs.removeTree() }
    }

    /// Replaces a packaging's results.
    package func setResults(_ results: [ModelPackaging.Result], of id: String) async throws -> [ModelPackaging.Result] {
        guard try await database.setResults(results, of: id) else { throw ServiceError.notFound(id) }
        return results
    }

    /// The log of a packaging's latest attempt.
    ///
    /// - Parameter follow: wait for the job to start and go on until it ends, through further attempts too, with a blank
    ///   line after five seconds of silence.
    /// - Throws: `invalid` when the job has not started and `follow` is false.
    package func log(
        of id: String,
        follow: Bool
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable {
        guard let state = try await database.logState(of: id) else { throw ServiceError.notFound(id) }
        guard follow || state.attempt != nil else {
            throw ServiceError(.invalid, "model packaging \(id) has not started yet")
        }
        return JobLogSequence(
            id: id,
            directory: configuration.directory.logs.appending(id),
            database: database,
            follow: follow
        )
    }
}
