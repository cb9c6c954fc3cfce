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
        let resolution = try await resolution(of: environment, on: base, logger)
        var resolved = ResolvedEnvironment(interpreter: resolution.interpreter)
        resolved.wheels = resolution.wheels.map { LockedWheel(name: $0.package, version: $0.version, file: $0.file) }
        resolved.inBase = resolution.share.taken.map { .init(name: $0.name, version: $0.version) }
        resolved.seesSystem = resolution.share.usesSystem
        resolved.extendsBase = resolution.extendsBase
        resolved.removed = resolution.share.removed.map { "/\($0)" }
        return resolved
    }

    /// The base's interpreter of the environment's version.
    package func interpreter(for environment: PythonEnvironment, on base: BaseImage) async throws -> BaseInterpreter {
        try await prepareCache()
        return try await BaseInterpreterFinder(cache: cache).interpreter(of: base, wanted: environment.version)
    }

    /// The wheel's file on this machine; downloaded and verified unless that was done before.
    package func file(of wheel: LockedWheel) async throws -> FilePath {
        try await store.file(wheel.file, of: wheel.name)
    }

    var store: WheelStore { WheelStore(cache: cache, indexes: settings.indexes, fetch: fetch) }

    /// What has to be known of an environment before a layer is planned.
    struct Resolution: Sendable {
        var interpreter: BaseInterpreter
        /// Whether the base has an environment at the same place.
        var extendsBase = false
        /// What the base has of the lock.
        var share = BaseShare()
        /// One for each package that the base lacks, sorted by the packages' names.
        var wheels: [ChosenWheel] = []
    }

    func resolution(of environment: PythonEnvironment, on base: BaseImage, _ logger: Logger) async throws -> Resolution
    {
        guard !environment.requirements.isEmpty else {
            return Resolution(interpreter: try await interpreter(for: environment, on: base))
        }
        guard environment.reusesBase else {
            let interpreter = try await interpreter(for: environment, on: base)
            let locker = try await locker(of: environment, for: interpreter.version, on: base, logger)
            return Resolution(interpreter: interpreter, wheels: try await locker.wheels(for: locker.lock()))
        }
        try await prepareCache()
        // The index answers while the layers are looked through.
        async let early = earlyLock(of: environment, on: base, logger)
        guard let found = try await lookThrough(base, wanted: environment.version, logger) else {
            var environment = environment
            environment.reusesBase = false
            _ = try await early
            return try await resolution(of: environment, on: base, logger)
        }
        let locker = try await locker(of: environment, for: found.interpreter.version, on: base, logger)
        let first = try await early
        var lock = if let first { first } else { try await locker.lock() }
        let preferences = found.preferences(for: lock)
        if !preferences.isEmpty { lock = try await locker.lock(preferring: preferences) }
        let share = BaseShare(lock, on: found, named: environment.namedFiles)
        share.say(logger)
        let missing = Set(share.installed.map(\.name))
        lock.packages.removeAll { !missing.contains($0.name) }
        return Resolution(
            interpreter: found.interpreter,
            extendsBase: found.isExtended,
            share: share,
            wheels: try await locker.wheels(for: lock)
        )
    }

    private func lookThrough(_ base: BaseImage, wanted: PythonVersion?, _ logger: Logger) async throws
        -> BaseEnvironment?
    {
        try await BaseEnvironmentFinder(cache: cache, limit: settings.baseLimit, prefix: settings.prefix)
            .environment(of: base, wanted: wanted, logger)
    }

    /// The lock without regard to the base's packages; nil where the Python is not known before the base is.
    private func earlyLock(of environment: PythonEnvironment, on base: BaseImage, _ logger: Logger) async throws
        -> Lock?
    {
        guard let python = environment.version else { return nil }
        return try await locker(of: environment, for: python, on: base, logger).lock()
    }

    private func prepareCache() async throws {
        try cache.unfinished.createDirectories()
        try await blocking { [cache] in try cache.prune() }
    }

    func resolver() async throws -> PackageResolver {
        var resolver = try await PackageResolver.find(named: settings.uv)
        resolver.cacheDirectory = cache.resolver
        return resolver
    }

    func locker(
        of environment: PythonEnvironment,
        for python: PythonVersion,
        on base: BaseImage,
        _ logger: Logger
    ) async throws -> EnvironmentLocker {
        try await EnvironmentLocker(
            environment: environment,
            python: python,
            platform: TargetPlatform(of: base.configuration),
            settings: settings,
            resolver: resolver(),
            store: store,
            logger: logger
        )
    }
}
