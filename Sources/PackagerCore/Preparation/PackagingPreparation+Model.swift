import TrainedModels

extension PackagingPreparation {
    /// Refuses a packaging whose model the integration does not take, as far as that can be told at once: within a second,
    /// whatever the artifact's size. What custom packagers take is their own affair.
    ///
    /// - Parameter packaging: one that has been validated.
    /// - Throws: ``ServiceError`` `invalid` with the integration's own sentence.
    func checkModel(of packaging: ModelPackaging) async throws {
        guard try await integration(packaging.spec.integrationName)?.builtIn != nil else { return }
        let request = try await request(validated: packaging, hashesArtifact: false)
        let model: TrainedModel?
        do {
            model = try await quickInspection.model(in: request.artifact, fallbackName: request.fallbackName)
        } catch let error as ModelError {
            throw Self.refusal("artifact \(packaging.spec.artifactName): \(error)")
        }
        guard let model else { return }
        let arguments = request.integration.definition.spec.schema.withDefaults(request.arguments)
        do {
            _ = try request.integration.recipe(for: model, arguments: arguments)
        } catch {
            throw Self.refusal("\(error)")
        }
    }

    static func refusal(_ reasons: String) -> ServiceError {
        ServiceError(.invalid, "Validation of model packaging is failed: " + reasons)
    }
}
