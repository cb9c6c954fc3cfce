import FoundationEssentials
import JSON
import PythonLayers

/// A solved environment: exact packages with the files that hold them.
struct CondaLock: Sendable, Hashable, Codable {
    /// Sorted by name.
    var packages: [Package]

    struct Package: Sendable, Hashable, Codable {
        var name: String
        var version: String
        var build: String
        var buildNumber: Int64
        /// `linux-64` or `noarch`.
        var subdirectory: String
        /// A URL without credentials; of a channel on this machine only the name of its directory.
        var channel: String
        var url: String
        var fileName: String
        /// Lower-case hexadecimal; one of both is there.
        var sha256: String?
        var md5: String?
        /// Bytes, where the channel says.
        var size: Int64?

        /// Whether its files depend on the environment's Python: those of a package without architecture may.
        var followsPython: Bool { subdirectory == "noarch" }

        /// `numpy-1.26.4-py311h64a7726_0`
        var distribution: String { "\(name)-\(version)-\(build)" }
    }

    /// Reads the list of records that a solver gives; fields as in a channel's `repodata.json`, and `url` and `channel`.
    init(records: JSONValue) throws {
        guard let records = records.arrayValue else {
            throw CondaError(.invalidLock, "the solver's answer is no list of packages")
        }
        packages = try records.map(Package.init).sorted { $0.name < $1.name }
        for (one, next) in zip(packages, packages.dropFirst()) where one.name == next.name {
            throw CondaError(.invalidLock, "the solver's answer has \(one.name) twice")
        }
    }

    /// The environment's Python.
    var python: PythonVersion? {
        packages.first { $0.name == "python" }.flatMap { PythonVersion($0.version) }
    }
}

extension CondaLock.Package {
    init(record: JSONValue) throws {
        func text(_ key: String) throws -> String {
            guard let text = record[key]?.stringValue else {
                throw CondaError(
                    .invalidLock,
                    "the solver's answer has a package without \(key): \(record["name"]?.stringValue ?? "unnamed")"
                )
            }
            return text
        }
        name = try text("name")
        version = try text("version")
        build = try text("build")
        buildNumber = record["build_number"]?.integerValue ?? 0
        subdirectory = try text("subdir")
        let address = try text("url")
        url = String(address.prefix { $0 != "#" })
        let written = Redaction.redact(record["channel"]?.stringValue ?? "")
        channel = written.hasPrefix("file:") ? String(written.split(separator: "/").last ?? "") : written
        fileName = String(url.split(separator: "/").last ?? "")
        sha256 = Self.hash(record["sha256"], digits: 64)
        md5 = Self.hash(record["md5"], digits: 32)
        size = record["size"]?.integerValue
        guard ["http://", "https://", "file://"].contains(where: url.hasPrefix) else {
            throw CondaError(.invalidLock, "\(name) is at \(url), which is no http, https or file URL")
        }
        for part in [name, version, build, fileName] where !Self.isPlain(part) {
            throw CondaError(.invalidLock, "the package \"\(part)\" has a name that cannot be used")
        }
        guard sha256 != nil || md5 != nil else {
            throw CondaError(.invalidLock, "the channel gives no hash of \(fileName); its index has to be made again")
        }
    }

    private static func hash(_ value: JSONValue?, digits: Int) -> String? {
        guard let text = value?.stringValue?.lowercased(), text.utf8.count == digits,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return text
    }

    /// A part of a file name.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix(".") && text.utf8.count < 200
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
    }
}
