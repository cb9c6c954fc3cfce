import Archive
import FileSystem
import FoundationEssentials
import JSON
import Logging
import PythonLayers
import SystemPackage

/// Unpacks packages and makes their files what they are in the image.
struct PackageInstaller: Sendable {
    var store: PackageStore
    /// The environment's root in the image.
    var prefix: String
    var python: PythonVersion

    private var cache: CacheDirectory { store.cache }

    /// Identifies the installed files for ever. The number counts up when packages are installed in another way.
    func key(_ package: CondaLock.Package) -> String {
        contentKey(
            [
                "1", package.identity, package.distribution, prefix, package.followsPython ? "\(python)" : "",
                package.channel, package.shownURL,
            ]
        )
    }

    /// What there is of the package; downloads and unpacks it unless that was done before.
    func installed(_ package: CondaLock.Package) async throws -> InstalledPackage {
        let record = cache.environments.appending("\(key(package)).json")
        if let bytes = try? record.readAll(),
            let known = try? CanonicalJSON.decode(InstalledPackage.self, from: Data(bytes))
        {
            return known
        }
        _ = try await unpacked(package)
        return try CanonicalJSON.decode(InstalledPackage.self, from: Data(record.readAll()))
    }

    /// The directory of its files; unpacks it unless it is there.
    func unpacked(_ package: CondaLock.Package) async throws -> FilePath {
        let key = key(package)
        let file = try await store.file(package)
        let root = cache.unpacked.appending(key)
        let record = cache.environments.appending("\(key).json")
        if root.exists, !record.exists { try root.removeTree() }
        try await cache.makeDirectory(at: root) { directory in
            let information = try await extract(package, file, into: directory)
            let installed = try await withCancellableBlocking { [self] flag in
                var installation = try PackageInstallation(
                    of: package,
                    paths: PackagePaths(information: information),
                    root: directory,
                    prefix: prefix,
                    python: python
                )
                return try installation.run(flag)
            }
            try record.removingLastComponent().createDirectories()
            try record.writeAtomically(CanonicalJSON.encode(installed))
        }
        return root
    }

    /// Unpacks the package's files and gives where its `info` is.
    private func extract(_ package: CondaLock.Package, _ file: FilePath, into directory: FilePath) async throws
        -> FilePath
    {
        do {
            guard package.fileName.hasSuffix(".conda") else {
                _ = try await ArchiveExtractor.extract(file, into: directory)
                return directory.appending("info")
            }
            return try await withTemporaryDirectory(in: cache.unfinished) { outer in
                let members = try await ArchiveExtractor.extract(file, into: outer)
                func part(_ name: String) throws -> FilePath {
                    let found = members.filter { $0.path.hasPrefix("\(name)-") && $0.path.hasSuffix(".tar.zst") }
                    guard found.count == 1 else {
                        throw PackagePaths.invalid(
                            "\(package.fileName) has \(found.count) parts \(name) instead of one"
                        )
                    }
                    return outer.appending(found[0].path)
                }
                _ = try await ArchiveExtractor.extract(try part("pkg"), into: directory)
                let information = directory.appending("info")
                try information.removeTree()
                try await withTemporaryDirectory(in: cache.unfinished) { inner in
                    let unpacked = inner.appending("info-part")
                    try unpacked.createDirectories()
                    _ = try await ArchiveExtractor.extract(try part("info"), into: unpacked)
                    guard unpacked.appending("info").isDirectory else {
                        throw PackagePaths.invalid("\(package.fileName) has no info")
                    }
                    try unpacked.appending("info").rename(to: information)
                }
                return information
            }
        } catch let error as ArchiveError {
            throw CondaError(.invalidPackage, "the package \(package.fileName) cannot be unpacked: \(error)")
        }
    }
}
