/// What one layer of a base image says of Python: found once for each layer's digest, and kept.
///
/// Paths start from the image's root, without a slash.
struct BaseLayer: Sendable, Hashable, Codable {
    /// Such as `usr/bin/python3.11`.
    var interpreters: [String] = []
    /// The text of each `pyvenv.cfg`, by the virtual environment's directory.
    var environments: [String: String] = [:]
    /// What Conda says it installed Python by: `opt/conda/conda-meta/python-3.8.20-h4a871b0_2.json`.
    var condaPythons: [String] = []
    var distributions: [BaseDistribution] = []
    /// What the layer deletes from those below: `.wh.NAME`.
    var deleted: [String] = []
    /// Directories of which it shows nothing that is below: `.wh..wh..opq`.
    var opaque: [String] = []
    /// Links and files that may take the place of a directory below.
    var replaced: [String] = []
}

/// An installed distribution as its metadata describes it. Source: PEP 376, PEP 639 and the older `.egg-info`.
struct BaseDistribution: Sendable, Hashable, Codable {
    /// Normalised.
    var name: String
    var version: String
    /// `METADATA`, `PKG-INFO` or the `.egg-info` itself.
    var metadata: String
    /// The directories and files that are its own by its `RECORD`; nil where there is none to be read.
    var roots: [String]?

    /// Such as `opt/venv/lib/python3.11/site-packages`.
    var directory: String { BaseMember.packages(holding: metadata) ?? "" }

    /// Its `.dist-info` or `.egg-info`.
    var information: String {
        let rest = metadata.dropFirst(directory.count + 1)
        return "\(directory)/\(rest.prefix { $0 != "/" })"
    }

    /// Name and version in a metadata file's head, the only part that is read; nil for what is no name or version.
    static func identity(in metadata: [UInt8]) -> (name: String, version: String)? {
        var name: String?
        var version: String?
        for line in metadata.split(separator: 10, omittingEmptySubsequences: false) {
            guard !line.isEmpty, line.first != 13 else { break }
            let text = String(decoding: line, as: UTF8.self)
            if name == nil, text.lowercased().hasPrefix("name:") { name = text.dropFirst(5).trimmed }
            if version == nil, text.lowercased().hasPrefix("version:") { version = text.dropFirst(8).trimmed }
        }
        guard let name, let version, isPlain(name, besides: "._-"), isPlain(version, besides: ".!+_-") else {
            return nil
        }
        return (normalizedName(name), version)
    }

    private static func isPlain(_ text: String, besides marks: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 200, first < 0x80,
            Character(Unicode.Scalar(first)).isLetter || Character(Unicode.Scalar(first)).isNumber
        else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
    }
}
