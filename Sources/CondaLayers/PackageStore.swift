import Crypto
import FileSystem
import FoundationEssentials
import OCI
import PythonLayers
import SystemPackage

/// Gets packages' files, verified, into the cache.
struct PackageStore: Sendable {
    var cache: CacheDirectory
    var fetch: WheelFetcher
    /// The operator's channels, for their credentials.
    var channels: CondaChannels

    /// The package's file, downloaded unless it is there.
    func file(_ package: CondaLock.Package) async throws -> FilePath {
        let path = cache.wheels.appending(package.identity).appending(package.fileName)
        if path.exists { return path }
        try await withTemporaryDirectory(in: cache.unfinished) { directory in
            let temporary = directory.appending("download")
            let digest = try await get(package, to: temporary)
            if let expected = package.sha256 {
                guard digest.hexadecimal == expected else { throw mismatch(package, digest.hexadecimal, expected) }
            } else if let expected = package.md5 {
                let actual = try await withCancellableBlocking { flag in
                    var hasher = Insecure.MD5()
                    try FileHash.forEachBlock(of: temporary, flag: flag) { hasher.update(bufferPointer: $0) }
                    return hexadecimal(hasher.finalize())
                }
                guard actual == expected else { throw mismatch(package, actual, expected) }
            }
            try path.removingLastComponent().createDirectories()
            try temporary.rename(to: path)
        }
        return path
    }

    private func get(_ package: CondaLock.Package, to path: FilePath) async throws -> OCI.Digest {
        do {
            if let url = URL(string: package.url), url.scheme == "file" {
                return try await withCancellableBlocking { flag in
                    try FileHash.copy(FilePath(url.path), to: path, flag: flag)
                }
            }
            let indexes = PackageIndexes(extraIndexURLs: channels.replacements)
            return try await fetch(
                FileRequest(
                    url: package.url.withoutCredentials,
                    authorization: indexes.authorization(for: package.url)
                ),
                path
            )
        } catch let error as CancellationError {
            throw error
        } catch {
            throw CondaError(.downloadFailed, "\(package.fileName) cannot be had from \(package.url): \(error)")
        }
    }

    private func mismatch(_ package: CondaLock.Package, _ actual: String, _ expected: String) -> CondaError {
        CondaError(
            .hashMismatch,
            "\(package.fileName) from \(package.url) has the hash \(actual) instead of \(expected) as the channel says: "
                + "it was changed or damaged on the way; try again or tell the channel's operator"
        )
    }
}

extension CondaLock.Package {
    /// What its content is known by.
    var identity: String { sha256 ?? "md5-\(md5 ?? "")" }
}
