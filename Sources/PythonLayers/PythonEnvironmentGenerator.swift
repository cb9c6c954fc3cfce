import FileSystem
package import ImageAssembler
package import JSON
package import Logging

/// Makes layers of a Python environment: the virtual environment, then wheels with their byte code.
package struct PythonEnvironmentGenerator: LayerGenerator {
    let settings: Settings
    private let fetch: WheelFetcher
    private let cache: CacheDirectory

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
        try cache.unfinished.createDirectories()
        try await blocking { [cache] in try cache.prune() }
        let interpreter = try await BaseInterpreterFinder(cache: cache)
            .interpreter(of: base, wanted: environment.version)
        let skeleton = plan(VirtualEnvironment(prefix: settings.prefix, interpreter: interpreter))
        if environment.requirements.isEmpty { return [skeleton] }
        guard maximumLayers >= 2 else {
            throw PythonEnvironmentError(
                .tooFewLayers,
                "the image has room for \(maximumLayers) more layers, a Python environment needs 2; take a base with fewer"
            )
        }
        let python = interpreter.version
        let platform = try TargetPlatform(of: base.configuration)
        var resolver = try await PackageResolver.find(named: settings.uv)
        resolver.cacheDirectory = cache.resolver
        let lock = try await lock(environment, python, platform, resolver, logger)
        let store = WheelStore(cache: cache, indexes: settings.indexes, fetch: fetch)
        let chooser = WheelChooser(python: python, platform: platform, resolver: resolver, store: store)
        let wheels = try await chooser.wheels(for: lock, logger: logger)
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

    private func lock(
        _ environment: PythonEnvironment,
        _ python: PythonVersion,
        _ platform: TargetPlatform,
        _ resolver: PackageResolver,
        _ logger: Logger
    ) async throws -> Lock {
        let locks = LockCache(
            directory: cache.locks,
            lifetime: settings.lockLifetime,
            refresh: settings.refresh
        )
        let key = LockCache.key(
            environment,
            python: python,
            platform: platform,
            indexes: settings.indexes,
            resolverVersion: resolver.version
        )
        if let known = try await blocking({ locks.lock(for: key) }) {
            logger.debug("the lock of \(known.packages.count) packages is known")
            return known
        }
        let lock = try await withTemporaryDirectory(in: cache.unfinished) { directory in
            try await resolver.resolve(
                environment,
                python: python,
                platform: platform,
                indexes: settings.indexes,
                in: directory
            )
        }
        logger.info("resolved \(lock.packages.count) packages for Python \(python) on \(platform)")
        try await blocking { try locks.record(lock, requirements: environment.requirements, for: key) }
        return lock
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
