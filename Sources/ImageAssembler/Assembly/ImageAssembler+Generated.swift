package import Logging

extension ImageAssembler {
    /// The generated layers of a recipe, lowest first, as an image of the recipe has them; they are in the store afterwards.
    ///
    /// - Parameter isWanted: chooses by the generator's kind.
    /// - Throws: ``AssemblerError``, and what generators and the index throw.
    package func generatedLayers(
        of recipe: ImageRecipe,
        on base: BaseImage,
        logger: Logger,
        where isWanted: @Sendable (_ kind: String) -> Bool
    ) async throws -> [Layer] {
        try base.check(for: options.platform)
        let room = try room(for: recipe, on: base)
        var jobs: [LayerBuilder.Job] = []
        for layer in recipe.layers {
            guard case .generated(let kind, _) = layer, isWanted(kind) else { continue }
            jobs += try await part(layer, on: base, artifact: nil, room: room, logger).jobs
        }
        return try await rows(of: jobs, logger, { _ in }).map(\.layer)
    }
}
