package import ImageAssembler
package import JSON
package import OCI
package import TrainedModels

/// A built-in way to package: a pure function from a model and arguments to a recipe.
///
/// No sockets, processes, clocks or randomness; what is random (an image tag) comes in through the arguments.
package protocol Integration: Sendable {
    /// The entity that users see: id, targets, arguments with their schema and defaults.
    var definition: PackagingIntegration { get }

    /// Refuses arguments that fit the schema and still can never work, such as a base that is no image name.
    ///
    /// - Throws: an error with a message for the user.
    func check(arguments: [String: JSONValue]) throws

    /// - Parameter arguments: validated against the definition's schema, with its defaults merged in.
    /// - Throws: an error with a message for the user when this model cannot be packaged this way.
    func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe

    /// The same recipe once its base is known, for what only the base's configuration tells, such as a server's version.
    ///
    /// - Parameter base: of the image that ``recipe(for:arguments:)`` names.
    /// - Throws: an error with a message for the user when this model cannot be packaged on this base.
    func recipe(for model: TrainedModel, arguments: [String: JSONValue], on base: ImageConfiguration) throws
        -> ImageRecipe

    /// The mustache template of its Dockerfile; nil for an integration that has none of its own.
    var dockerfileTemplate: String? { get }
}

extension Integration {
    /// What an image of a model says of its origin.
    package func labels(for model: TrainedModel) -> [String: String] {
        [
            "io.packager.integration": definition.id,
            "io.packager.model.name": model.name,
            "io.packager.model.version": model.version,
        ]
    }

    /// Source: OCI image specification, "Pre-Defined Annotation Keys".
    package func annotations(for model: TrainedModel) -> [String: String] {
        ["org.opencontainers.image.title": model.name, "org.opencontainers.image.version": model.version]
    }

    package func check(arguments: [String: JSONValue]) throws {}

    package func recipe(for model: TrainedModel, arguments: [String: JSONValue], on base: ImageConfiguration) throws
        -> ImageRecipe
    {
        try recipe(for: model, arguments: arguments)
    }

    package var dockerfileTemplate: String? { nil }
}
