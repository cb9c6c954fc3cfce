import FileSystem
import FoundationEssentials
import JSON
import SystemPackage

/// What a package says of its files. Source: Conda's documentation, "Package specification", `info/`.
struct PackagePaths: Sendable {
    struct File: Sendable {
        enum Kind: String, Sendable { case file = "hardlink", link = "softlink", directory }

        /// As in the archive.
        var path: String
        var kind: Kind
        /// Bytes, where it is said.
        var size: Int64?
        var sha256: String?
        var placeholder: String?
        var mode = PrefixReplacement.Mode.text
    }

    var files: [File]
    /// Of a package without architecture: `name = module:object`.
    var entryPoints: [String] = []
    var isPythonWithoutArchitecture = false
    /// `info/index.json`.
    var index: JSONValue

    /// The prefix in packages that are older than the list that names it.
    private static let oldPlaceholder = "/opt/anaconda1anaconda2" + "anaconda3"

    /// Reads `info/`.
    init(information: FilePath) throws {
        index = try Self.document("index.json", in: information) ?? [:]
        if let paths = try Self.document("paths.json", in: information) {
            guard let entries = paths["paths"]?.arrayValue else { throw Self.invalid("info/paths.json has no paths") }
            files = try entries.map(File.init)
        } else {
            files = try Self.lines("files", in: information).map { File(path: $0, kind: .file) }
            let prefixes = try Self.lines("has_prefix", in: information).map(Self.prefixLine)
            for (path, placeholder, mode) in prefixes {
                guard let index = files.firstIndex(where: { $0.path == path }) else { continue }
                files[index].placeholder = placeholder
                files[index].mode = mode
            }
        }
        let link = try Self.document("link.json", in: information)?["noarch"]
        isPythonWithoutArchitecture = link?["type"] == "python" || index["noarch"] == "python"
        entryPoints = link?["entry_points"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    static func invalid(_ reason: String) -> CondaError { CondaError(.invalidPackage, reason) }

    private static func document(_ name: String, in information: FilePath) throws -> JSONValue? {
        let path = information.appending(name)
        guard path.exists else { return nil }
        do {
            return try CanonicalJSON.decode(JSONValue.self, from: Data(path.readAll()))
        } catch let error as DecodingError {
            throw invalid("info/\(name) is no JSON: \(error)")
        }
    }

    private static func lines(_ name: String, in information: FilePath) throws -> [String] {
        let path = information.appending(name)
        guard path.exists else { return [] }
        return String(decoding: try path.readAll(), as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    /// `placeholder mode path`, each in quotes or not; or the path alone.
    private static func prefixLine(_ line: String) throws -> (String, String, PrefixReplacement.Mode) {
        let fields = line.split(separator: " ", maxSplits: 2).map { field in
            field.count > 1 && field.first == "\"" && field.last == "\""
                ? String(field.dropFirst().dropLast()) : "\(field)"
        }
        guard fields.count == 3, let mode = PrefixReplacement.Mode(rawValue: fields[1]) else {
            return (line, oldPlaceholder, .text)
        }
        return (fields[2], fields[0], mode)
    }
}

extension PackagePaths.File {
    init(_ entry: JSONValue) throws {
        guard let path = entry["_path"]?.stringValue else { throw PackagePaths.invalid("info/paths.json has no _path") }
        guard let kind = Kind(rawValue: entry["path_type"]?.stringValue ?? "hardlink") else {
            throw PackagePaths.invalid("info/paths.json gives \(path) a path_type that is not known")
        }
        self.init(path: path, kind: kind)
        size = entry["size_in_bytes"]?.integerValue
        sha256 = entry["sha256"]?.stringValue
        guard let placeholder = entry["prefix_placeholder"]?.stringValue else { return }
        guard let mode = PrefixReplacement.Mode(rawValue: entry["file_mode"]?.stringValue ?? "text") else {
            throw PackagePaths.invalid("info/paths.json gives \(path) a file_mode that is neither text nor binary")
        }
        self.placeholder = placeholder
        self.mode = mode
    }
}
