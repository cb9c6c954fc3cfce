import FileSystem
import FoundationEssentials
import SystemPackage

extension PackagerService {
    /// Validates and stores a packaging and queues its job. The reply's state is `unknown`.
    ///
    /// - Parameter key: the client's name for the request; the same request under the same name makes nothing new.
    /// - Throws: `contradiction` when the key belongs to another request.
    package func create(_ packaging: ModelPackaging, key: String? = nil) async throws -> ModelPackaging {
        let key = try key.map { try IdempotencyKey($0, for: packaging) }
        var packaging = try await preparation.validated(packaging)
        try await preparation.checkModel(of: packaging)
        packaging.createdAt = RFC3339.now()
        packaging.updatedAt = packaging.createdAt
        switch try await database.insert(packaging, key: key) {
        case .inserted:
            packaging.status = ModelPackaging.Status(state: .unknown)
            return packaging
        case .repeated(let stored): return stored
        case .exists: throw ServiceError.alreadyExists(packaging.id)
        case .keyIsTaken:
            throw ServiceError(
                .contradiction,
                "the idempotency key was used for another request within a day: give each request a key of its own"
            )
        }
    }

    /// Replaces a packaging and runs it again; a running job of it is cancelled. The reply's state is `unknown`.
    ///
    /// - Throws: `preconditionFailed` for another version than was expected.
    package func update(
        _ packaging: ModelPackaging,
        expecting expected: ExpectedVersion? = nil
    ) async throws -> ModelPackaging {
        var packaging = try await preparation.validated(packaging)
        try await preparation.checkModel(of: packaging)
        packaging.updatedAt = RFC3339.now()
        guard let created = try await database.replace(packaging, expecting: expected) else {
            throw ServiceError.notFound(packaging.id)
        }
        packaging.createdAt = created
        packaging.status = ModelPackaging.Status(state: .unknown)
        return packaging
    }

    package func packaging(_ id: String) async throws -> ModelPackaging {
        guard let packaging = try await database.packaging(id) else { throw ServiceError.notFound(id) }
        return packaging
    }

    /// The packaging once its state or its spec has changed, it has ended, or the time is over.
    package func packaging(_ id: String, waiting limit: Duration) async throws -> ModelPackaging {
        let deadline = ContinuousClock.now + limit
        var seen = database.jobChanges.count
        let first = try await packaging(id)
        var current = first
        while current.status?.state == first.status?.state, current.updatedAt == first.updatedAt,
            current.status?.state.isTerminal != true, ContinuousClock.now < deadline, !Task.isCancelled
        {
            // Changes by other processes are found by polling.
            await database.jobChanges.wait(after: seen, timeout: min(.milliseconds(500), deadline - .now))
            seen = database.jobChanges.count
            current = try await packaging(id)
        }
        return current
    }

    /// Stops a packaging's job, whether it waits or runs; it counts as failed, for the reason `Cancelled`.
    ///
    /// - Throws: `conflict` when it has ended.
    package func cancelPackaging(_ id: String) async throws -> ModelPackaging {
        guard let state = try await database.cancel(id) else { throw ServiceError.notFound(id) }
        guard !state.isTerminal else {
            throw ServiceError(.conflict, "model packaging \"\(id)\" has ended already: it \(state.rawValue)")
        }
        return try await packaging(id)
    }

    /// What happens to a packaging from now on, beginning with where it stands; ends when the job has ended.
    package func events(of id: String) async throws -> PackagingEventSequence {
        _ = try await packaging(id)
        return PackagingEventSequence(id: id, database: database)
    }

    /// Every run of a packaging so far, the first one first.
    package func attempts(of id: String) async throws -> [PackagingAttempt] {
        guard let attempts = try await database.attempts(of: id) else { throw ServiceError.notFound(id) }
        return attempts
    }

    /// - Parameter integrations: only packagings of these; all when empty or when it holds `*`.
    package func packagings(_ page: Page = Page(), integrations: [String] = []) async throws -> [ModelPackaging] {
        try await database.packagings(page, integrations: integrations.contains("*") ? [] : integrations)
    }

    /// ``packaging(_:)`` as JSON.
    package func packagingDocument(_ id: String) async throws -> PackagingDocument {
        guard let document = try await database.packagingDocument(id) else { throw ServiceError.notFound(id) }
        return document
    }

    /// ``packagings(_:integrations:)`` as a JSON list.
    package func packagingDocuments(_ page: Page = Page(), integrations: [String] = []) async throws -> String {
        try await database.packagingDocuments(page, integrations: integrations.contains("*") ? [] : integrations)
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

    /// The log of a packaging's latest attempt, or of an earlier one.
    ///
    /// - Parameter attempt: this attempt's, as far as it is written.
    /// - Parameter follow: wait for the job to start and go on until it ends, through further attempts too, with a blank
    ///   line after five seconds of silence.
    /// - Throws: `invalid` when the job has not started and `follow` is false.
    package func log(
        of id: String,
        follow: Bool,
        attempt: Int? = nil
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable {
        guard let state = try await database.logState(of: id) else { throw ServiceError.notFound(id) }
        guard follow || attempt != nil || state.attempt != nil else {
            throw ServiceError(.invalid, "model packaging \(id) has not started yet")
        }
        let directory = configuration.directory.logs.appending(id)
        if let attempt, !directory.appending("\(attempt).log").exists {
            throw ServiceError(.notFound, "model packaging \"\(id)\" has no log of an attempt \(attempt)")
        }
        return JobLogSequence(id: id, directory: directory, database: database, follow: follow, only: attempt)
    }
}
