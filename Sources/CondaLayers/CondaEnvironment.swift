package import JSON
package import PythonLayers

/// What a recipe says of a Conda environment: the parameters of its `generated` layers of kind ``kind``.
package struct CondaEnvironment: Sendable, Hashable, Codable {
    package static let kind = "conda-environment"
    /// Where the packages are in every image. Text and programs of packages have their prefix replaced by it, so it is
    /// as short as it can be, and it is where Conda's own images have theirs.
    package static let prefix = "/opt/conda"

    /// Names or URLs, the first of highest priority; none is conda-forge.
    package var channels: [String]
    /// Conda's match specifications.
    package var specs: [String]
    /// What pip adds: wheels in a virtual environment over the packages.
    package var pip: PythonEnvironment
    /// Names of the packages that have no counterpart on PyPI, for messages.
    package var withoutCounterpart: [String]
    /// `__cuda=12.4`: what the image's host has besides what its base says.
    package var virtualPackages: [String]

    package init(
        channels: [String],
        specs: [String],
        pip: PythonEnvironment,
        withoutCounterpart: [String] = [],
        virtualPackages: [String] = []
    ) {
        self.channels = channels
        self.specs = specs
        self.pip = pip
        self.withoutCounterpart = withoutCounterpart
        self.virtualPackages = virtualPackages
    }

    /// Reads a recipe's parameters and refuses what can never be solved.
    ///
    /// - Throws: ``CondaError`` `invalidParameters`, ``PythonEnvironmentError``.
    package init(parameters: JSONValue) throws {
        do {
            self = try parameters.decode()
        } catch {
            throw CondaError(.invalidParameters, "the recipe's Conda environment cannot be read: \(error)")
        }
        try pip.validate()
        for text in channels + specs + virtualPackages {
            guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.allSatisfy({ $0 >= 0x20 }) else {
                throw CondaError(.invalidParameters, "\"\(text)\" is neither a Conda package nor a channel")
            }
        }
        guard !specs.isEmpty else { throw CondaError(.invalidParameters, "the Conda environment names no package") }
    }
}
