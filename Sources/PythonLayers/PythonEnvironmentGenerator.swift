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
        let interpreter = try await interpreter(for: environment, on: base)
        let skeleton = plan(VirtualEnvironment(prefix: settings.prefix, interpreter: interpreter))
        if environment.requirements.isEmpty { return [skeleton] }
        guard maximumLayers >= 2 else {
            throw PythonEnvironmentError(
                .tooFewLayers,
                "the image has room for \(maximumLayers) more layers, a Python environment needs 2; take a base with fewer"
            )
        }
        let python = interpreter.version
        let resolver = try await resolver()
        let wheels = try await wheels(for: environment, python: python, on: base, by: resolver, logger)
        let prepared = try await PreparedWheels.prepare(
            wheels,
            python: python,
            prefix: settings.prefix,
            store: store
        )
        let compiler = try await compiler(for: python, resolver, room: maximumLayers, logger)
        let groups = WheelGroup.groups(
            of: wheels,
            sizes: prepared.rows.mapValues(\.size),
            maximum: (maximumLayers - 1) / (compiler == nil ? 1 : 2)
        )
        return [skeleton]
            + groups.flatMap { group in
                let hasModules = group.wheels.contains { prepared.rows[$0.file.sha256]?.hasModules ?? true }
                return plans(for: group, python, store, compiler: hasModules ? compiler : nil)
            }
    }

    /// Nil where no byte code is to be made, or cannot be.
    private func compiler(
        for python: PythonVersion,
        _ resolver: PackageResolver,
        room: Int,
        _ logger: Logger
    ) async throws -> ByteCodeCompiler? {
        guard settings.byteCode == .auto, room >= 3 else { return nil }
        guard let interpreter = try await PythonInterpreter.find(python, resolver: resolver) else {
            logger.notice("no byte code: there is no Python \(python) on this machine; imports will take longer")
            return nil
        }
        return ByteCodeCompiler(interpreter: interpreter, cache: cache, prefix: settings.prefix)
    }
}
