/// What a recipe says of a Python environment: the parameters of its `generated` layer of kind ``kind``.
package struct PythonEnvironment: Sendable, Hashable, Codable {
    package static let kind = "python-environment"
    /// Where the environment is in every image.
    package static let prefix = "/opt/venv"

    /// `3.11`: the minor version that the base has to have; nil takes the base's own.
    package var python: String?
    /// PEP 508 requirements, the model's own first.
    package var requirements: [String]
    /// PEP 508 requirements that bound versions without asking for the packages, as pip's `-c`.
    package var constraints: [String]
    /// Whether packages that the base has in these versions are not installed again. Only a base that someone has chosen
    /// for that is worth looking through.
    package var reusesBase = false

    package init(python: String?, requirements: [String], constraints: [String] = []) {
        self.python = python
        self.requirements = requirements
        self.constraints = constraints
    }

    private enum CodingKeys: String, CodingKey { case python, requirements, constraints, reusesBase }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        python = try container.decodeIfPresent(String.self, forKey: .python)
        requirements = try container.decode([String].self, forKey: .requirements)
        constraints = try container.decodeIfPresent([String].self, forKey: .constraints) ?? []
        reusesBase = try container.decodeIfPresent(Bool.self, forKey: .reusesBase) ?? false
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(python, forKey: .python)
        try container.encode(requirements, forKey: .requirements)
        try container.encode(constraints, forKey: .constraints)
        if reusesBase { try container.encode(true, forKey: .reusesBase) }
    }
}
