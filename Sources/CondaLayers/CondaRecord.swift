import FoundationEssentials
import JSON
import PythonLayers

/// `conda-meta/*.json`: what `conda list` reads of an installed package. Source: conda's `PrefixRecord`.
struct CondaRecord {
    struct File {
        /// Below the prefix.
        var path: String
        /// Nil for one that the installation makes.
        var original: PackagePaths.File?
    }

    var package: CondaLock.Package
    /// `info/index.json`.
    var index: JSONValue
    var files: [File]

    /// The package's own index, and where it is from and what it has brought; nothing of this machine.
    var text: String {
        var record = index.objectValue ?? [:]
        record["name"] = .string(package.name)
        record["version"] = .string(package.version)
        record["build"] = .string(package.build)
        record["build_number"] = .integer(package.buildNumber)
        record["channel"] = .string(package.channel)
        record["subdir"] = .string(package.subdirectory)
        record["fn"] = .string(package.fileName)
        record["url"] = .string(package.shownURL)
        record["sha256"] = package.sha256.map { .string($0) }
        record["md5"] = package.md5.map { .string($0) }
        record["size"] = package.size.map { .integer($0) }
        let sorted = files.sorted { $0.path < $1.path }
        record["files"] = .array(sorted.map { .string($0.path) })
        record["paths_data"] = ["paths_version": 1, "paths": .array(sorted.map(Self.path))]
        record["link"] = ["type": 3, "source": ""]
        record["extracted_package_dir"] = ""
        record["package_tarball_full_path"] = ""
        record["requested_spec"] = ""
        guard let bytes = try? CanonicalJSON.encode(JSONValue.object(record)) else { return "" }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private static func path(_ file: File) -> JSONValue {
        var path: [String: JSONValue] = ["_path": .string(file.path)]
        guard let original = file.original else {
            path["path_type"] = "unix_python_entry_point"
            return .object(path)
        }
        path["path_type"] = .string(original.kind.rawValue)
        path["sha256"] = original.sha256.map { .string($0) }
        path["size_in_bytes"] = original.size.map { .integer($0) }
        path["prefix_placeholder"] = original.placeholder.map { .string($0) }
        if original.placeholder != nil { path["file_mode"] = .string(original.mode.rawValue) }
        return .object(path)
    }
}

extension CondaLock.Package {
    /// Without credentials, and without a directory of this machine.
    var shownURL: String {
        url.hasPrefix("file:") ? "file:///\(channel)/\(subdirectory)/\(fileName)" : Redaction.redact(url)
    }
}
