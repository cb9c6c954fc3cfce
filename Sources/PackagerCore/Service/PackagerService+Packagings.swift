extension PackagerService {
    /// Validates and stores a packaging and queues its job. The reply's state is `unknown`.
    package func create(_ packaging: ModelPackaging) async throws -> ModelPackaging { throw ServiceError.notFound("") }

    /// Replaces a packaging and runs it again; a running job of it is cancelled.
    package func update(_ packaging: ModelPackaging) async throws -> ModelPackaging { throw ServiceError.notFound("") }

    package func packaging(_ id: String) async throws -> ModelPackaging { throw ServiceError.notFound(id) }

    /// - Parameter integrations: only packagings of these; all when empty or when it holds `*`.
    package func packagings(_ page: Page = Page(), integrations: [String] = []) async throws -> [ModelPackaging] { [] }

    /// Removes a packaging, its logs and its job, which stops within a second when it runs.
    package func deletePackaging(_ id: String) async throws { throw ServiceError.notFound(id) }

    /// Replaces a packaging's results.
    package func setResults(_ results: [ModelPackaging.Result], of id: String) async throws -> [ModelPackaging.Result] {
        throw ServiceError.notFound(id)
    }

    /// The log of a packaging's latest attempt.
    ///
    /// - Parameter follow: wait for the job to start and go on until it ends, with a blank line after five seconds of silence.
    /// - Throws: `invalid` when the job has not started and `follow` is false.
    package func log(
        of id: String,
        follow: Bool
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable {
        throw ServiceError.notFound(id)
    }
}
