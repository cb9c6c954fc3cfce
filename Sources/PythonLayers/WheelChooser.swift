import Concurrency
import FileSystem
import FoundationEssentials
import JSON
import Logging
import SystemPackage

/// Turns a lock into one wheel for each package; builds those that have none.
struct WheelChooser: Sendable {
    var python: PythonVersion
    var platform: TargetPlatform
    var resolver: PackageResolver
    var store: WheelStore

    /// Sorted by the packages' names.
    func wheels(for lock: Lock, logger: Logger) async throws -> [ChosenWheel] {
        let tags = WheelTags(python: python, platform: platform)
        // Builds use all cores by themselves; what there is to choose costs nothing.
        return try await lock.packages.concurrentMap(limit: 2) { package in
            let candidates = package.wheels.compactMap { file in WheelFileName(file.name).map { (file, $0) } }
            if let best = tags.best(of: candidates, name: { $0.1 }) {
                return ChosenWheel(package: package.name, version: package.version, file: best.0)
            }
            guard let source = package.sourceDistribution else { throw noWheel(package) }
            let file = try await build(source, of: package, logger: logger)
            return ChosenWheel(package: package.name, version: package.version, file: file)
        }
    }

    /// The same without building anything; nil where that would be needed.
    func knownWheels(for lock: Lock) -> [ChosenWheel]? {
        let tags = WheelTags(python: python, platform: platform)
        var chosen: [ChosenWheel] = []
        for package in lock.packages {
            let candidates = package.wheels.compactMap { file in WheelFileName(file.name).map { (file, $0) } }
            let best = tags.best(of: candidates, name: { $0.1 })?.0
            guard let file = best ?? package.sourceDistribution.flatMap({ known(at: record(of: $0)) }) else {
                return nil
            }
            chosen.append(ChosenWheel(package: package.name, version: package.version, file: file))
        }
        return chosen
    }

    /// Where is written down which wheel a source distribution was built to.
    private func record(of source: Lock.File) -> FilePath {
        store.cache.built.appending(contentKey(["built 1", source.sha256, "\(python)", platform.triple]) + ".json")
    }

    private func known(at record: FilePath) -> Lock.File? {
        guard let known = try? CanonicalJSON.decode(Lock.File.self, from: Data(record.readAll())),
            store.cache.wheels.appending(known.sha256).appending(known.name).exists
        else { return nil }
        return known
    }

    private func noWheel(_ package: Lock.Package) -> PythonEnvironmentError {
        let names = package.wheels.prefix(5).map(\.name).joined(separator: ", ")
        let others = package.wheels.count > 5 ? " and \(package.wheels.count - 5) more" : ""
        return PythonEnvironmentError(
            .noMatchingWheel,
            "\(package.name) \(package.version) has no wheel for Python \(python) on \(platform) and no source "
                + "distribution; there is \(names.isEmpty ? "nothing" : names + others); require another version, or take a "
                + "base with another Python"
        )
    }

    private func build(_ source: Lock.File, of package: Lock.Package, logger: Logger) async throws -> Lock.File {
        guard platform.isHost else {
            throw PythonEnvironmentError(
                .noMatchingWheel,
                "\(package.name) \(package.version) has only a source distribution for Python \(python) on \(platform), "
                    + "and this machine cannot build for that; require a version that has a wheel, or put a wheel in an index"
            )
        }
        let record = record(of: source)
        if let known = known(at: record) { return known }
        logger.info("building \(package.name) \(package.version) from its source distribution: it has no wheel")
        let archive = try await store.file(source, of: package.name)
        let file = try await withTemporaryDirectory(in: store.cache.unfinished) { directory in
            let wheel = try await resolver.buildWheel(
                of: archive,
                python: python,
                indexes: store.indexes,
                into: directory
            )
            guard let name = wheel.lastComponent.flatMap({ WheelFileName($0.string) }),
                WheelTags(python: python, platform: platform).rank(of: name) != nil
            else {
                throw PythonEnvironmentError(
                    .buildFailed,
                    "\(package.name) \(package.version) was built as \(wheel.lastComponent?.string ?? ""), which does not "
                        + "fit Python \(python) on \(platform)"
                )
            }
            return try await store.keep(wheel)
        }
        try record.removingLastComponent().createDirectories()
        try record.writeAtomically(CanonicalJSON.encode(file))
        return file
    }
}
