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

    package init(python: String?, requirements: [String], constraints: [String] = []) {
        self.python = python
        self.requirements = requirements
        self.constraints = constraints
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        python = try container.decodeIfPresent(String.self, forKey: .python)
        requirements = try container.decode([String].self, forKey: .requirements)
        constraints = try container.decodeIfPresent([String].self, forKey: .constraints) ?? []
    }
}
