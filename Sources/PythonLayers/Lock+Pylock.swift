import FoundationEssentials
package import SystemPackage
import TOMLKit

extension Lock {
    /// Reads `pylock.toml`. Source: PEP 751.
    ///
    /// The lock is made for one Python on one platform, so all its packages apply: the markers that are left in it are
    /// true there, and are not read.
    ///
    /// - Parameter directory: what relative paths in it start from.
    package init(pylock text: String, relativeTo directory: FilePath) throws {
        let document: Document
        do {
            document = try TOMLDecoder().decode(Document.self, from: text)
        } catch {
            throw PythonEnvironmentError(.invalidLock, "the resolver's lock cannot be read: \(error)")
        }
        guard document.lockVersion.hasPrefix("1.") else {
            throw PythonEnvironmentError(
                .invalidLock,
                "the resolver's lock has version \(document.lockVersion), this program reads 1.x; use another uv"
            )
        }
        packages = try (document.packages ?? []).map { try $0.package(relativeTo: directory) }
            .sorted { $0.name < $1.name }
        for (one, next) in zip(packages, packages.dropFirst()) where one.name == next.name {
            throw PythonEnvironmentError(
                .invalidLock,
                "the resolver's lock has \(one.name) twice, as \(one.version) and \(next.version)"
            )
        }
    }
}

private struct Document: Decodable {
    var lockVersion: String
    var packages: [Entry]?

    enum CodingKeys: String, CodingKey {
        case lockVersion = "lock-version"
        case packages
    }

    struct Entry: Decodable {
        var name: String
        var version: String?
        var wheels: [File]?
        var sdist: File?
        var archive: File?
        var vcs: Elsewhere?
        var directory: Elsewhere?
    }

    struct File: Decodable {
        var url: String?
        var path: String?
        var name: String?
        var size: Int64?
        var hashes: [String: String]?
    }

    /// A source that is refused; only that it is there matters.
    struct Elsewhere: Decodable {
        var url: String?
        var path: String?
    }
}

extension Document.Entry {
    func package(relativeTo directory: FilePath) throws -> Lock.Package {
        let normalized = normalizedName(name)
        if vcs != nil || self.directory != nil {
            throw PythonEnvironmentError(
                .unsupportedSource,
                "\(name) comes from a \(vcs != nil ? "version control system" : "directory"), not from an index or a "
                    + "wheel; build a wheel of it and name its version or file in the requirements"
            )
        }
        var wheels = try (self.wheels ?? []).map { try $0.file(of: name, relativeTo: directory) }
        var source = try sdist?.file(of: name, relativeTo: directory)
        if let archive = try archive?.file(of: name, relativeTo: directory) {
            if archive.name.hasSuffix(".whl") { wheels.append(archive) } else { source = archive }
        }
        let version =
            version ?? wheels.lazy.compactMap { WheelFileName($0.name)?.version }.first ?? source?.name ?? "unknown"
        return Lock.Package(name: normalized, version: version, wheels: wheels, sourceDistribution: source)
    }
}

extension Document.File {
    func file(of package: String, relativeTo directory: FilePath) throws -> Lock.File {
        let address: String
        if let url {
            address = Redaction.withoutFragment(url)
        } else if let path {
            let file = FilePath(path).isAbsolute ? FilePath(path) : directory.pushing(FilePath(path))
            address = URL(filePath: file.lexicallyNormalized().string).absoluteString
        } else {
            throw PythonEnvironmentError(.invalidLock, "the resolver's lock names no place for a file of \(package)")
        }
        guard let parsed = URL(string: address), let scheme = parsed.scheme, ["http", "https", "file"].contains(scheme)
        else {
            throw PythonEnvironmentError(
                .unsupportedSource,
                "\(package) is at \(address), which is no http, https or file URL"
            )
        }
        guard let hash = hashes?["sha256"]?.lowercased(), hash.utf8.count == 64,
            hash.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw PythonEnvironmentError(
                .invalidLock,
                "\(package) at \(address) has no SHA-256 hash in the resolver's lock; use an index that gives one"
            )
        }
        let name = name ?? parsed.lastPathComponent
        guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
            throw PythonEnvironmentError(.invalidLock, "the file name of \(package) at \(address) cannot be used")
        }
        return Lock.File(url: address, name: name, sha256: hash, size: size)
    }
}
