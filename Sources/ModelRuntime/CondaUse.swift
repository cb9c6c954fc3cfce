import CondaLayers
package import JSON
import PythonLayers
import TrainedModels

/// Whether an image has Conda's own packages, where the model's environment is one of Conda: the argument `conda`.
package enum CondaUse: String, Sendable, Hashable, CaseIterable {
    /// When PyPI lacks one of the packages.
    case auto
    case always
    case never

    package static let argument = "conda"

    /// The argument's schema.
    package static var schema: KeyValuePairs<String, JSONValue> {
        [
            "description":
                "Conda's own packages in the image in place of PyPI's: auto when PyPI lacks one of them, always, never.",
            "type": "string",
            "enum": .array(allCases.map { .string($0.rawValue) }),
            "default": "auto",
        ]
    }

    package init(_ arguments: [String: JSONValue]) {
        self = arguments[Self.argument]?.stringValue.flatMap(CondaUse.init) ?? .auto
    }

    /// The environment that is to be solved by Conda's rules; nil for one that PyPI has.
    ///
    /// - Throws: `ModelError`, ``ModelRuntimeError``.
    func source(of environment: EnvironmentRequirements?) throws -> CondaSource? {
        guard let source = environment?.conda else {
            guard self == .always else { return nil }
            throw ModelRuntimeError(
                code: .noCondaEnvironment,
                description:
                    "the argument conda is always, but the model's environment is not one of Conda; leave it out"
            )
        }
        switch self {
        case .auto: return source.withoutCounterpart.isEmpty ? nil : source
        case .always: return source
        case .never:
            try source.requireCounterparts()
            return nil
        }
    }
}

extension ModelRuntime.Kind {
    /// The model's environment with Python in it, and what the wrappers need where Conda's packages do not have it.
    func environment(from source: CondaSource, constraints: [String]) -> CondaEnvironment {
        let names = source.specs.map(Self.packageName)
        // gunicorn is started by the virtual environment's own script, so that one is needed whatever Conda has.
        let given = source.pip + names.filter { $0 != "gunicorn" && $0 != "python" }
        let added = completing(given).dropFirst(given.count)
        return CondaEnvironment(
            channels: source.channels,
            specs: source.specs + (names.contains("python") ? [] : ["python"]),
            pip: PythonEnvironment(python: nil, requirements: source.pip + added, constraints: constraints),
            withoutCounterpart: source.withoutCounterpart
        )
    }

    /// `numpy` of `conda-forge::numpy=1.26`
    private static func packageName(_ spec: String) -> String {
        var rest = spec[...]
        while let colons = rest.firstIndex(of: ":") { rest = rest[rest.index(after: colons)...] }
        return rest.prefix { !"=<>!~[ ".contains($0) }.lowercased()
    }
}
