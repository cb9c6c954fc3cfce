import OCI

/// The Python of a base image with what is installed for it.
struct BaseEnvironment: Sendable, Hashable {
    var interpreter: BaseInterpreter
    /// Whether there is a virtual environment of this interpreter where ours is to be: another image of ours, or one that
    /// is laid out so.
    var isExtended = false
    /// Whether that environment sees the interpreter's own packages.
    var extendedSeesSystem = false
    /// In that environment.
    var own: [BaseDistribution] = []
    /// Of the interpreter itself, in the order in which it looks for them.
    var system: [BaseDistribution] = []

    /// Finds the environment that a model of the wanted Python would run in.
    ///
    /// The environment at `prefix` goes before all; then the interpreter that the base's label names; then those on its
    /// `PATH`, for that is what its maker means by `python`. A virtual environment elsewhere is no interpreter.
    ///
    /// - Parameters:
    ///   - wanted: nil takes the base's first.
    ///   - prefix: where the environment is in the image, absolute.
    /// - Returns: nil, and the interpreters that there are, where none is of the wanted version.
    static func find(
        in contents: BaseContents,
        of configuration: ImageConfiguration,
        wanted: PythonVersion?,
        prefix: String
    ) -> (found: BaseEnvironment?, interpreters: [BaseInterpreter]) {
        if let text = contents.environments[String(prefix.dropFirst())],
            let interpreter = VirtualEnvironment.interpreter(in: text),
            wanted == nil || interpreter.version == wanted
        {
            let sees = VirtualEnvironment.seesSystem(text)
            let packages = "\(prefix)/\(interpreter.version.sitePackages)"
            let environment = BaseEnvironment(
                interpreter: interpreter,
                isExtended: true,
                extendedSeesSystem: sees,
                own: contents.distributions(in: [packages]),
                system: sees ? contents.distributions(of: interpreter) : []
            )
            return (environment, [interpreter])
        }
        let interpreters = interpreters(in: contents, of: configuration)
        guard let interpreter = interpreters.first(where: { wanted == nil || $0.version == wanted }) else {
            return (nil, interpreters)
        }
        return (
            BaseEnvironment(interpreter: interpreter, system: contents.distributions(of: interpreter)), interpreters
        )
    }

    /// Best first.
    private static func interpreters(in contents: BaseContents, of configuration: ImageConfiguration)
        -> [BaseInterpreter]
    {
        let path = (configuration.config?.variable("PATH") ?? "").split(separator: ":").map(String.init)
        let known = ["/usr/local/bin", "/usr/bin"] + contents.condaPrefixes.sorted().map { "/\($0)/bin" }
        let order = path + known
        let found = contents.interpreters.compactMap(BaseInterpreter.init(anywhere:)).filter { interpreter in
            order.contains(interpreter.home)
                && contents.environments[String(interpreter.installation.dropFirst())] == nil
        }
        let declared = BaseInterpreter.declared(in: configuration)
        let isLabelled = configuration.config?.labels?[BaseInterpreter.label] != nil
        let all = Set(found).union(declared.map { [$0] } ?? [])
        let ranked = all.map { interpreter in
            (
                interpreter,
                rank: isLabelled && interpreter == declared ? -1 : order.firstIndex(of: interpreter.home) ?? 0
            )
        }
        return ranked.sorted { ($0.rank, -$0.0.version.minor) < ($1.rank, -$1.0.version.minor) }.map(\.0)
    }
}

extension BaseContents {
    /// The distributions that an interpreter finds, in the order in which it looks for them.
    func distributions(of interpreter: BaseInterpreter) -> [BaseDistribution] {
        var directories = interpreter.packageDirectories
        // In /usr/local there may be another of the same version, whose packages these are.
        if interpreter.home == "/usr/bin", interpreters.contains("usr/local/bin/python\(interpreter.version)") {
            directories.removeAll { $0.hasPrefix("/usr/local/") && $0.hasSuffix("/site-packages") }
        }
        return distributions(in: directories)
    }

    /// - Parameter directories: absolute.
    func distributions(in directories: [String]) -> [BaseDistribution] {
        let byDirectory = Dictionary(grouping: distributions) { "/\($0.directory)" }
        return directories.flatMap { byDirectory[$0] ?? [] }
    }
}
