import ImageAssembler
import OCI

/// Finds the interpreter of a base image: in its configuration, else in the names of its layers' members.
struct BaseInterpreterFinder {
    var cache: CacheDirectory

    /// - Parameter wanted: the minor version the base has to have; nil takes what is there.
    /// - Throws: ``PythonEnvironmentError`` `baseWithoutPython` or `pythonVersionMismatch`.
    func interpreter(of base: BaseImage, wanted: PythonVersion?) async throws -> BaseInterpreter {
        if let declared = BaseInterpreter.declared(in: base.configuration) {
            return try Self.choose(from: [declared], base: base, wanted: wanted)
        }
        let found = try await scan(base, wanted: wanted)
        // The official images' own, in /usr/local, goes before the distribution's.
        let ordered = found.sorted { ($0.home, $0.version.minor) > ($1.home, $1.version.minor) }
        return try Self.choose(from: ordered, base: base, wanted: wanted)
    }

    /// - Parameter found: best first.
    static func choose(from found: [BaseInterpreter], base: BaseImage, wanted: PythonVersion?) throws
        -> BaseInterpreter
    {
        if let match = found.first(where: { wanted == nil || $0.version == wanted }) { return match }
        let advice =
            "take a base with Python \(wanted?.description ?? "3"), such as python:\(wanted?.description ?? "3.12")-slim"
        guard let other = found.first else {
            throw PythonEnvironmentError(
                .baseWithoutPython,
                "the base image \(base.reference) has no Python in /usr/bin or /usr/local/bin; \(advice), or one that "
                    + "names its interpreter in the label \(BaseInterpreter.label)"
            )
        }
        throw PythonEnvironmentError(
            .pythonVersionMismatch,
            "the base image \(base.reference) has Python \(other.version), but the model needs Python "
                + "\(wanted?.description ?? ""); \(advice)"
        )
    }

    /// Reads the names in the layers, lowest first, up to the first layer with the wanted interpreter.
    private func scan(_ base: BaseImage, wanted: PythonVersion?) async throws -> [BaseInterpreter] {
        let reader = BaseLayerReader(cache: cache)
        var found: [BaseInterpreter] = []
        for layer in base.manifest.layers {
            try Task.checkCancellation()
            found += try await reader.read(layer, of: base.source).interpreters.compactMap(
                BaseInterpreter.init(member:)
            )
            if found.contains(where: { wanted == nil || $0.version == wanted }) { break }
        }
        return found
    }
}
