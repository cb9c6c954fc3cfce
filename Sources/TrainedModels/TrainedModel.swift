/// What an artifact holds, as a plain value: everything an integration needs to know to make a recipe.
package struct TrainedModel: Sendable, Hashable, Codable {
    package var name: String
    package var version: String
    package var kind: Kind
    /// Every file of the artifact, sorted by path.
    package var files: [ModelFile]
    /// What the model needs to run; nil when the artifact says nothing about it.
    package var environment: EnvironmentRequirements?
    package var signature: ModelSignature?
    /// The files in it that a runtime loads by itself, with what their headers say; sorted by path.
    package var parts: [ModelPart]

    package enum Kind: Sendable, Hashable, Codable {
        /// ODAHU's GPPI: a Python module in `workDirectory` (relative to the artifact's root) named `entrypoint`.
        case gppi(workDirectory: String, entrypoint: String)
        /// An MLflow model: the directory that holds `MLmodel` ("" for the root) and its flavours.
        case mlflow(directory: String, flavors: [String])
        /// A model file that says itself what it is, and little else: the artifact's one part.
        case file
        /// Laid out for Triton, as ODAHU's packager takes it: parts beside their `config.pbtxt`.
        case triton
    }

    package init(
        name: String,
        version: String,
        kind: Kind,
        files: [ModelFile],
        environment: EnvironmentRequirements?,
        signature: ModelSignature?,
        parts: [ModelPart] = []
    ) {
        self.name = name
        self.version = version
        self.kind = kind
        self.files = files
        self.environment = environment
        self.signature = signature
        self.parts = parts
    }
}

package struct ModelFile: Sendable, Hashable, Codable {
    /// Relative to the artifact's root.
    package var path: String
    /// Bytes.
    package var size: Int64

    package init(path: String, size: Int64) {
        self.path = path
        self.size = size
    }
}

/// The Python a model was trained with.
package struct EnvironmentRequirements: Sendable, Hashable, Codable {
    /// `3.11`, or `3.11.7` where the artifact is that exact; nil when it says nothing.
    package var pythonVersion: String?
    /// PEP 508 requirements, in the artifact's order.
    package var requirements: [String]
    /// PEP 508 requirements that bound versions without asking for the package (pip's `-c`).
    package var constraints: [String]
    /// How Conda's packages were read, a sentence each, for the log.
    package var notes: [String]
    /// The Conda environment that this was read from, where it was one.
    package var conda: CondaSource?

    package init(
        pythonVersion: String?,
        requirements: [String],
        constraints: [String] = [],
        notes: [String] = []
    ) {
        self.pythonVersion = pythonVersion
        self.requirements = requirements
        self.constraints = constraints
        self.notes = notes
    }
}

/// The model's inputs and outputs, where the artifact declares them.
package struct ModelSignature: Sendable, Hashable, Codable {
    package struct Field: Sendable, Hashable, Codable {
        package var name: String?
        /// The artifact's own word: "double", "long", "string", "float32" …
        package var type: String
        /// For tensors; -1 is any length.
        package var shape: [Int]?
        package var required: Bool

        package init(name: String?, type: String, shape: [Int]? = nil, required: Bool = true) {
            self.name = name
            self.type = type
            self.shape = shape
            self.required = required
        }
    }

    package var inputs: [Field]
    package var outputs: [Field]

    package init(inputs: [Field], outputs: [Field]) {
        self.inputs = inputs
        self.outputs = outputs
    }
}
