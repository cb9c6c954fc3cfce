/// What a Python environment resolves to on a base image.
package struct ResolvedEnvironment: Sendable, Hashable {
    package var interpreter: BaseInterpreter
    /// One for each package, sorted by the packages' names.
    package var wheels: [LockedWheel]
}

/// The one file that a package is installed from.
package struct LockedWheel: Sendable, Hashable {
    /// Normalised.
    package var name: String
    package var version: String
    package var file: Lock.File
}
