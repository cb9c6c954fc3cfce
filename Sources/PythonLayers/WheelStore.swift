import FileSystem
import FoundationEssentials
import JSON
import Logging
import OCI
import SystemPackage

/// A wheel that is chosen: its file and where it comes from.
struct ChosenWheel: Sendable, Hashable {
    var package: String
    var version: String
    var file: Lock.File
}

/// Gets the files of packages, verified, into the cache.
struct WheelStore: Sendable {
    var cache: CacheDirectory
    var indexes: PackageIndexes
    var fetch: WheelFetcher

    /// The wheel's file, downloaded unless it is there.
    func file(_ file: Lock.File, of package: String) async throws -> FilePath {
        let path = cache.wheels.appending(file.sha256).appending(file.name)
        if path.exists { return path }
        try await withTemporaryDirectory(in: cache.unfinished) { directory in
            let temporary = directory.appending("download")
            let digest = try await get(file, of: package, to: temporary)
            guard digest.hexadecimal == file.sha256 else {
                throw PythonEnvironmentError(
                    .hashMismatch,
                    "\(file.name) from \(file.url) has the SHA-256 \(digest.hexadecimal) instead of \(file.sha256) as "
                        + "the index says: it was changed or damaged on the way; try again or ask the index's operator"
                )
            }
            try path.removingLastComponent().createDirectories()
            try temporary.rename(to: path)
        }
        return path
    }

    /// Keeps a wheel that was built here.
    func keep(_ built: FilePath) async throws -> Lock.File {
        let name = built.lastComponent?.string ?? ""
        let digest = try await withCancellableBlocking { flag in try FileHash.digest(of: built, flag: flag) }
        let path = cache.wheels.appending(digest.hexadecimal).appending(name)
        try path.removingLastComponent().createDirectories()
        try built.rename(to: path)
        return Lock.File(url: "file://\(path)", name: name, sha256: digest.hexadecimal)
    }

    private func get(_ file: Lock.File, of package: String, to path: FilePath) async throws -> Digest {
        do {
            if let url = URL(string: file.url), url.scheme == "file" {
                let source = FilePath(url.path)
                return try await withCancellableBlocking { flag in try FileHash.copy(source, to: path, flag: flag) }
            }
            return try await fetch(
                FileRequest(url: file.url.withoutCredentials, authorization: indexes.authorization(for: file.url)),
                path
            )
        } catch let error as CancellationError {
            throw error
        } catch let error as PythonEnvironmentError {
            throw error
        } catch {
            throw PythonEnvironmentError(
                .downloadFailed,
                "\(file.name) of \(package) cannot be had from \(file.url): \(error)"
            )
        }
    }
}
