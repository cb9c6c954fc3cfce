import Concurrency
import FileSystem
package import ImageAssembler
package import JSON
package import Logging
package import PythonLayers
import SystemPackage

/// Makes layers of a Conda environment: its packages, one a layer, then a virtual environment over them with what pip adds.
package struct CondaEnvironmentGenerator: LayerGenerator {
    /// How environments are solved; the same for all that one generator makes.
    package struct Settings: Sendable, Hashable {
        package var channels = CondaChannels()
        /// See ``CondaSolver/find(named:uv:for:)``.
        package var solver: String?
        /// How long a lock is good for.
        package var lockLifetime = Duration.seconds(86_400)

        package init() {}
    }

    let settings: Settings
    let wheels: PythonEnvironmentGenerator
    private let cache: CacheDirectory

    package var kind: String { CondaEnvironment.kind }
    package var directories: [String] { [CondaEnvironment.prefix, PythonEnvironment.prefix] }

    /// - Parameter wheels: adds what pip does; its cache, its way to fetch and its settings are used for packages too.
    package init(settings: Settings, wheels: PythonEnvironmentGenerator) {
        self.settings = settings
        self.wheels = wheels
        cache = CacheDirectory(root: wheels.cacheDirectory.appending("conda"))
    }

    /// - Throws: ``CondaError``, ``PythonEnvironmentError``, and what the file system says.
    package func layers(
        for parameters: JSONValue,
        on base: BaseImage,
        maximumLayers: Int,
        logger: Logger
    ) async throws -> [LayerPlan] {
        let environment = try CondaEnvironment(parameters: parameters)
        let platform = try CondaPlatform(of: base.configuration)
        try cache.unfinished.createDirectories()
        try await blocking { [cache] in try cache.prune() }
        let lock = try await lock(environment, platform, logger)
        guard let python = lock.python, python.major == 3 else {
            throw CondaError(.withoutPython, "the Conda environment has no Python 3; add python to its dependencies")
        }
        guard maximumLayers >= 6 else {
            throw CondaError(
                .tooFewLayers,
                "the image has room for \(maximumLayers) more layers, a Conda environment needs 6; take a base with fewer"
            )
        }
        let store = PackageStore(cache: cache, fetch: wheels.fetchFile, channels: settings.channels)
        let installer = PackageInstaller(store: store, prefix: CondaEnvironment.prefix, python: python)
        let installed = try await lock.packages.concurrentMap(limit: 4) { try await installer.installed($0) }
        let contents = Dictionary(zip(lock.packages.map(\.name), installed)) { first, _ in first }
        try PackageCollisions.check(lock.packages, contents, logger)
        for package in lock.packages {
            guard let scripts = contents[package.name]?.scripts, !scripts.isEmpty else { continue }
            logger.notice(
                "\(package.name) \(package.version) has scripts that Conda would run and nothing runs in an image: \(scripts.joined(separator: ", "))"
            )
        }

        var over = InstalledPython(path: "\(CondaEnvironment.prefix)/bin/python\(python)", version: python)
        for one in installed { over.distributions.merge(one.distributions) { first, _ in first } }
        let above = try await wheels.layers(
            for: environment.pip,
            over: over,
            on: base,
            maximumLayers: max(4, maximumLayers / 3),
            logger: logger
        )
        let compiler = try await wheels.moduleCompiler(for: python, prefix: CondaEnvironment.prefix)
        let room = maximumLayers - above.count - 1
        let groups = PackageGroup.groups(of: lock.packages, maximum: room)
        return groups.map { plan($0, installer, contents, compiler) } + [history(environment)] + above
    }

    private func lock(_ environment: CondaEnvironment, _ platform: CondaPlatform, _ logger: Logger) async throws
        -> CondaLock
    {
        let solver = try await CondaSolver.find(
            named: settings.solver,
            uv: try? await wheels.findResolver(),
            for: environment.withoutCounterpart
        )
        let request = CondaSolver.Request(
            channels: try settings.channels.urls(for: environment.channels),
            specs: environment.specs.map(settings.channels.spec),
            platform: platform.subdirectory,
            virtualPackages: platform.virtualPackages + environment.virtualPackages,
            cache: cache.root.appending("channels").absolute.string,
            refresh: wheels.refreshes
        )
        let locks = CondaLockCache(
            directory: cache.locks,
            lifetime: settings.lockLifetime,
            refresh: wheels.refreshes
        )
        let key = CondaLockCache.key(request, solver: solver.version)
        if let known = try await blocking({ locks.lock(for: key) }) {
            logger.debug("the lock of \(known.packages.count) Conda packages is known")
            return known
        }
        let lock = try await solver.solve(request, withoutCounterpart: environment.withoutCounterpart)
        logger.info("solved \(lock.packages.count) Conda packages for \(platform.subdirectory) with \(solver.version)")
        try await blocking { try locks.record(lock, for: key) }
        return lock
    }

    /// The group's files, and the byte code of those that come without.
    private func plan(
        _ group: PackageGroup,
        _ installer: PackageInstaller,
        _ contents: [String: InstalledPackage],
        _ compiler: ModuleCompiler?
    ) -> LayerPlan {
        let compiles = group.packages.contains { contents[$0.name]?.hasModules == true }
        let compiler = compiles ? compiler : nil
        let keys = group.packages.map(installer.key)
        let key = contentKey(["1", compiler?.identity ?? ""] + keys)
        return LayerPlan(name: group.name, key: "conda-package:" + key) {
            var entries: [String: LayerEntry] = [:]
            var modules: [ModuleSource] = []
            for package in group.packages {
                let tree = try await installer.unpacked(package)
                let installed = try await installer.installed(package)
                for entry in installed.layerEntries(tree: tree, prefix: CondaEnvironment.prefix) {
                    entries[entry.path] = entry
                }
                if installed.hasModules { modules += installed.modules(tree: tree) }
            }
            for entry in try await compiler?.entries(for: modules, key: key) ?? [] { entries[entry.path] = entry }
            return Array(entries.values)
        }
    }

    /// What makes the prefix an environment to Conda's own programs.
    private func history(_ environment: CondaEnvironment) -> LayerPlan {
        let specs = environment.specs.map { "\"\($0.filter { $0 != "\"" })\"" }.joined(separator: ", ")
        let text = "==> 1970-01-01 00:00:00 <==\n# cmd: packager\n# update specs: [\(specs)]\n"
        let root = CondaEnvironment.prefix.drop { $0 == "/" }
        return LayerPlan(name: "Conda environment", key: "conda-history:" + contentKey(["1", text])) {
            [LayerEntry(path: "\(root)/conda-meta/history", kind: .bytes(Array(text.utf8), executable: false))]
        }
    }
}
