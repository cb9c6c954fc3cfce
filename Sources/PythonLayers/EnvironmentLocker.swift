import FileSystem
import Logging

/// Locks one environment for one Python on one platform.
struct EnvironmentLocker: Sendable {
    var environment: PythonEnvironment
    var python: PythonVersion
    var platform: TargetPlatform
    var settings: PythonEnvironmentGenerator.Settings
    var resolver: PackageResolver
    var store: WheelStore
    var logger: Logger

    /// One wheel for each package of a lock.
    func wheels(for lock: Lock) async throws -> [ChosenWheel] {
        try await WheelChooser(python: python, platform: platform, resolver: resolver, store: store)
            .wheels(for: lock, logger: logger)
    }

    /// - Parameter preferences: versions by name that are taken where the requirements allow.
    func lock(preferring preferences: [String: String] = [:]) async throws -> Lock {
        if let known = try await knownLock(preferring: preferences) {
            logger.debug("the lock of \(known.packages.count) packages is known")
            return known
        }
        let lock = try await withTemporaryDirectory(in: store.cache.unfinished) { directory in
            try await resolver.resolve(
                environment,
                preferring: preferences,
                python: python,
                platform: platform,
                indexes: settings.indexes,
                in: directory
            )
        }
        logger.info("resolved \(lock.packages.count) packages for Python \(python) on \(platform)")
        try await blocking { try locks.record(lock, requirements: environment.requirements, for: key(preferences)) }
        return lock
    }

    /// The lock if it was made before and still counts.
    func knownLock(preferring preferences: [String: String] = [:]) async throws -> Lock? {
        try await blocking { locks.lock(for: key(preferences)) }
    }

    private var locks: LockCache {
        LockCache(directory: store.cache.locks, lifetime: settings.lockLifetime, refresh: settings.refresh)
    }

    private func key(_ preferences: [String: String]) -> String {
        LockCache.key(
            environment,
            python: python,
            platform: platform,
            indexes: settings.indexes,
            resolverVersion: resolver.version,
            preferences: preferences
        )
    }
}

extension BaseEnvironment {
    /// The base's versions as the resolver is to prefer them; empty where the lock has what it can have of them anyway.
    func preferences(for lock: Lock) -> [String: String] {
        var versions: [String: String] = [:]
        for distribution in own + system where versions[distribution.name] == nil {
            // A local version is in no index; the public one may be.
            let version = distribution.version.prefix { $0 != "+" }
            if PackageVersion(String(version)) != nil { versions[distribution.name] = String(version) }
        }
        let differs = lock.packages.contains { package in
            versions[package.name].map { !PackageVersion.agrees($0, with: package.version) } ?? false
        }
        return differs ? versions : [:]
    }
}

extension PythonEnvironment {
    /// The packages that a requirement names by a file or address (PEP 508, `name @ …`), normalised.
    package var namedFiles: Set<String> {
        Set(
            (requirements + constraints).compactMap { line in
                guard line.prefix(while: { $0 != ";" }).contains("@") else { return nil }
                return normalizedName(line.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
            }
        )
    }
}
