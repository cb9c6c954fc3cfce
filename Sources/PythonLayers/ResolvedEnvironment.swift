/// What a Python environment resolves to on a base image.
package struct ResolvedEnvironment: Sendable, Hashable {
    package var interpreter: BaseInterpreter
    /// One for each package that the base lacks, sorted by the packages' names.
    package var wheels: [LockedWheel] = []
    package struct InBase: Sendable, Hashable {
        package var name: String
        package var version: String
    }

    /// The packages that are not installed since the base has them, sorted.
    package var inBase: [InBase] = []
    /// Whether the environment sees the interpreter's own packages.
    package var seesSystem = false
    /// Whether the base has an environment at the same place, which this one adds to.
    package var extendsBase = false
    /// Files and directories of the base's environment that would be mixed with other versions; absolute.
    package var removed: [String] = []

    package init(interpreter: BaseInterpreter) { self.interpreter = interpreter }
}

/// The one file that a package is installed from.
package struct LockedWheel: Sendable, Hashable {
    /// Normalised.
    package var name: String
    package var version: String
    package var file: Lock.File
}
