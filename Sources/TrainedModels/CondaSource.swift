/// A model's Conda environment as its file says it, for an image with Conda's own packages.
package struct CondaSource: Sendable, Hashable, Codable {
    /// The file, relative to the artifact's root.
    package var file: String
    /// Names and URLs, without user and password.
    package var channels: [String] = []
    /// Conda's match specifications, as written.
    package var specs: [String] = []
    /// PEP 508 requirements of the section `pip`.
    package var pip: [String] = []
    /// Packages that are not known to be on PyPI under a certain name.
    package var unknown: [String] = []
    /// Packages that are no Python packages.
    package var system: [String] = []

    package init(file: String) { self.file = file }

    /// Packages that only Conda has.
    package var withoutCounterpart: [String] { system + unknown }

    /// - Throws: ``ModelError`` `environment` where the environment has packages that only Conda has, which says what to
    ///   write in their place.
    package func requireCounterparts() throws {
        guard system.isEmpty else {
            throw ModelError(
                .environment,
                file,
                "\(Self.list(system)) no Python package; install what is needed of it in the base image (dockerfileBaseImage) and remove it here, or build with Conda's own packages (argument conda)"
            )
        }
        guard unknown.isEmpty else {
            throw ModelError(
                .environment,
                file,
                "\(Self.list(unknown)) not known to be on PyPI under a certain name; list what the model needs of it under pip with PyPI's name, and remove the rest, or build with Conda's own packages (argument conda)"
            )
        }
    }

    private static func list(_ names: [String]) -> String {
        "the Conda package\(names.count == 1 ? "" : "s") \(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are")"
    }

    /// A channel's URL without user and password, which a recipe would show; the operator gives those.
    static func withoutCredentials(_ channel: String) -> String {
        guard let scheme = channel.firstRange(of: "://") else { return channel }
        let rest = channel[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return channel }
        return String(channel[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
