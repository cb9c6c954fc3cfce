/// What a recipe says of a Python environment: the parameters of its `generated` layer of kind ``kind``.
package struct PythonEnvironment: Sendable, Hashable, Codable {
    package static let kind = "python-environment"
    /// Where the environment is in every image.
    package static let prefix = "/opt/venv"

    /// `3.11`: the minor version that the base has to have; nil takes the base's own.
    package var python: String?
    /// PEP 508 requirements, the model's own first.
    package var requirements: [String]

    package init(python: String?, requirements: [String]) {
        self.python = python
        self.requirements = requirements
    }
}
