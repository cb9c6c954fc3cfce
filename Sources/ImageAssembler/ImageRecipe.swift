package import JSON
package import OCI

/// What to build: a plain value that prints as JSON and compares with `==`.
///
/// An integration makes one from a trained model; the assembler builds it layer by layer. Layers go from the lowest
/// and least often changed to the highest.
package struct ImageRecipe: Sendable, Hashable, Codable {
    /// The image below ours, as the user named it.
    package var base: ImageReference
    package var layers: [LayerRecipe]
    /// Added to, and over, the base's own variables.
    package var environment: [String: String]
    /// Replaces the base's entrypoint and command.
    package var entrypoint: [String]
    package var command: [String]
    /// A name or numeric `uid:gid` that need not exist in the base.
    package var user: String
    package var workingDirectory: String
    /// TCP ports the image listens on.
    package var exposedPorts: [Int]
    package var labels: [String: String]
    /// Annotations of the manifest; the assembler adds the base's name and digest.
    package var annotations: [String: String]

    package init(
        base: ImageReference,
        layers: [LayerRecipe],
        environment: [String: String] = [:],
        entrypoint: [String],
        command: [String] = [],
        user: String = "65532:65532",
        workingDirectory: String = "/",
        exposedPorts: [Int] = [],
        labels: [String: String] = [:],
        annotations: [String: String] = [:]
    ) {
        self.base = base
        self.layers = layers
        self.environment = environment
        self.entrypoint = entrypoint
        self.command = command
        self.user = user
        self.workingDirectory = workingDirectory
        self.exposedPorts = exposedPorts
        self.labels = labels
        self.annotations = annotations
    }
}

/// One layer, or several that are made together, as an integration asks for them.
package enum LayerRecipe: Sendable, Hashable {
    /// Small files that the recipe itself holds.
    case files(name: String, [RecipeFile])
    /// The artifact's files, unchanged, below `prefix` ("model"): weights in layers of their own, the rest in one.
    case artifact(prefix: String)
    /// Layers that a ``LayerGenerator`` makes, such as a Python environment: its kind and what it is asked for.
    case generated(kind: String, parameters: JSONValue)
}

/// A file or link in a recipe. `path` has no leading slash.
package struct RecipeFile: Sendable, Hashable, Codable {
    package var path: String
    package var text: String?
    package var linkTarget: String?
    package var executable: Bool

    package static func text(_ path: String, _ text: String, executable: Bool = false) -> RecipeFile {
        RecipeFile(path: path, text: text, linkTarget: nil, executable: executable)
    }

    package static func link(_ path: String, to target: String) -> RecipeFile {
        RecipeFile(path: path, text: nil, linkTarget: target, executable: false)
    }
}
