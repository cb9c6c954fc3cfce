import FileSystem
package import ImageAssembler
package import JSON
package import Logging

/// Makes layers of a Python environment: the virtual environment, then wheels with their byte code.
package struct PythonEnvironmentGenerator: LayerGenerator {
    let settings: Settings
    let fetch: WheelFetcher
    let cache: CacheDirectory

    package var kind: String { PythonEnvironment.kind }
    package var directories: [String] { [settings.prefix] }

    /// - Parameter fetch: downloads a wheel.
    package init(settings: Settings, fetch: @escaping WheelFetcher) {
        self.settings = settings
        self.fetch = fetch
        cache = CacheDirectory(root: settings.cacheDirectory)
    }

    /// - Throws: ``PythonEnvironmentError``, and what the file system or the base's source says.
    package func layers(
        for parameters: JSONValue,
        on base: BaseImage,
        maximumLayers: Int,
        logger: Logger
    ) async throws -> [LayerPlan] {
        let environment = try PythonEnvironment(parameters: parameters)
        if !environment.requirements.isEmpty { try check(maximumLayers, atLeast: 2) }
        let resolution = try await resolution(of: environment, on: base, logger)
        let share = resolution.share
        let interpreter = resolution.interpreter
        let first =
            plans(removing: share)
            + [
                plan(
                    VirtualEnvironment(prefix: settings.prefix, interpreter: interpreter, seesSystem: share.usesSystem)
                )
            ]
        let wheels = resolution.wheels
        if wheels.isEmpty { return first }
        try check(maximumLayers, atLeast: first.count + 1)
        return try await first
            + plans(of: wheels, python: interpreter.version, maximum: maximumLayers - first.count, logger)
    }

    /// Layers of chosen wheels.
    func plans(
        of wheels: [ChosenWheel],
        python: PythonVersion,
        maximum: Int,
        _ logger: Logger
    ) async throws -> [LayerPlan] {
        let prepared = try await PreparedWheels.prepare(
            wheels,
            python: python,
            prefix: settings.prefix,
            store: store
        )
        return try await plans(of: wheels, prepared, python: python, maximum: maximum, logger)
    }

    func plans(
        of wheels: [ChosenWheel],
        _ prepared: PreparedWheels,
        python: PythonVersion,
        maximum: Int,
        _ logger: Logger
    ) async throws -> [LayerPlan] {
        let compiler = try await compiler(for: python, room: maximum, logger)
        let groups = WheelGroup.groups(
            of: wheels,
            sizes: prepared.rows.mapValues(\.size),
            maximum: maximum / (compiler == nil ? 1 : 2)
        )
        return groups.flatMap { group in
            let hasModules = group.wheels.contains { prepared.rows[$0.file.sha256]?.hasModules ?? true }
            return plans(for: group, python, store, compiler: hasModules ? compiler : nil)
        }
    }

    private func check(_ maximumLayers: Int, atLeast needed: Int) throws {
        guard maximumLayers < needed else { return }
        throw PythonEnvironmentError(
            .tooFewLayers,
            "the image has room for \(maximumLayers) more layers, a Python environment needs \(needed); take a base with fewer"
        )
    }

    /// Nil where no byte code is to be made, or cannot be.
    private func compiler(
        for python: PythonVersion,
        room: Int,
        _ logger: Logger
    ) async throws -> ByteCodeCompiler? {
        guard settings.byteCode == .auto, room >= 2 else { return nil }
        guard let interpreter = try await PythonInterpreter.find(python, resolver: resolver()) else {
            logger.notice("no byte code: there is no Python \(python) on this machine; imports will take longer")
            return nil
        }
        return ByteCodeCompiler(interpreter: interpreter, cache: cache, prefix: settings.prefix)
    }
}
