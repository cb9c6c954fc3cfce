import FileSystem
package import ImageAssembler
package import Logging
package import SystemPackage

extension PythonEnvironmentGenerator {
    /// What an environment resolves to on a base: the wheels that its layers would be made of, without making one.
    ///
    /// - Throws: ``PythonEnvironmentError``, and what the file system or the base's source says.
    package func resolve(_ environment: PythonEnvironment, on base: BaseImage, logger: Logger) async throws
        -> ResolvedEnvironment
    {
        try environment.validate()
        let interpreter = try await interpreter(for: environment, on: base)
        guard !environment.requirements.isEmpty else {
            return ResolvedEnvironment(interpreter: interpreter, wheels: [])
        }
        let wheels = try await wheels(
            for: environment,
            python: interpreter.version,
            on: base,
            by: resolver(),
            logger
        )
        return ResolvedEnvironment(
            interpreter: interpreter,
            wheels: wheels.map { LockedWheel(name: $0.package, version: $0.version, file: $0.file) }
        )
    }

    /// The base's interpreter of the environment's version.
    package func interpreter(for environment: PythonEnvironment, on base: BaseImage) async throws -> BaseInterpreter {
        try cache.unfinished.createDirectories()
        try await blocking { [cache] in try cache.prune() }
        return try await BaseInterpreterFinder(cache: cache).interpreter(of: base, wanted: environment.version)
    }

    /// The wheel's file on this machine; downloaded and verified unless that was done before.
    package func file(of wheel: LockedWheel) async throws -> FilePath {
        try await store.file(wheel.file, of: wheel.name)
    }

    var store: WheelStore { WheelStore(cache: cache, indexes: settings.indexes, fetch: fetch) }

    func resolver() async throws -> PackageResolver {
        var resolver = try await PackageResolver.find(named: settings.uv)
        resolver.cacheDirectory = cache.resolver
        return resolver
    }

    /// One wheel for each package of the environment's lock.
    func wheels(
        for environment: PythonEnvironment,
        python: PythonVersion,
        on base: BaseImage,
        by resolver: PackageResolver,
        _ logger: Logger
    ) async throws -> [ChosenWheel] {
        let platform = try TargetPlatform(of: base.configuration)
        let lock = try await lock(environment, python, platform, resolver, logger)
        return try await WheelChooser(python: python, platform: platform, resolver: resolver, store: store)
            .wheels(for: lock, logger: logger)
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
}
