package import OCI
package import TrainedModels

/// Remembers what an archive holds, by its digest, so that it is not opened again to find out.
package protocol InspectionCache: Sendable {
    func model(for artifact: Digest, fallbackName: String) async throws -> TrainedModel?
    func record(_ model: TrainedModel, for artifact: Digest, fallbackName: String) async throws
}
