/// What a path in a base image's layer means to Python.
enum BaseMember: Hashable {
    case interpreter
    /// `pyvenv.cfg` in this directory.
    case environment(String)
    case condaPython
    /// A distribution's metadata.
    case metadata
    /// The list of a distribution's files; `METADATA` is beside it.
    case record
    /// A deletion of what is below.
    case deletion(of: String)
    case opaque(String)
    case other

    init(_ path: String) {
        let (parent, name) = Self.split(path)
        if name.hasPrefix(".wh.") {
            self = name == ".wh..wh..opq" ? .opaque(parent) : .deletion(of: Self.join(parent, name.dropFirst(4)))
        } else if name.hasPrefix("python3.") || name.hasPrefix("python-3."), let kind = Self.python(parent, name) {
            self = kind
        } else if name == "pyvenv.cfg", !parent.isEmpty {
            self = .environment(parent)
        } else if ["METADATA", "RECORD", "PKG-INFO"].contains(name) || name.hasSuffix(".egg-info"),
            Self.packages(holding: path) != nil
        {
            let (_, information) = Self.split(parent)
            switch name {
            case "METADATA" where information.hasSuffix(".dist-info"): self = .metadata
            case "RECORD" where information.hasSuffix(".dist-info"): self = .record
            case "PKG-INFO" where information.hasSuffix(".egg-info"): self = .metadata
            default: self = name.hasSuffix(".egg-info") ? .metadata : .other
            }
        } else {
            self = .other
        }
    }

    private static func python(_ parent: String, _ name: Substring) -> BaseMember? {
        if name.hasPrefix("python3."), split(parent).name == "bin" {
            return name.dropFirst(8).allSatisfy(\.isNumber) ? .interpreter : nil
        }
        let isConda = name.hasPrefix("python-3.") && name.hasSuffix(".json") && split(parent).name == "conda-meta"
        return isConda ? .condaPython : nil
    }

    /// The `site-packages` or `dist-packages` in which a distribution's metadata lies: directly, or in one directory.
    static func packages(holding metadata: String) -> String? {
        let (parent, _) = split(metadata)
        let (above, _) = split(parent)
        return [parent, above].first { ["site-packages", "dist-packages"].contains(split($0).name) }
    }

    /// Whether a file or link of this path may stand where another layer has a directory on the way to anything above.
    static func mayReplaceDirectory(_ path: String) -> Bool {
        let name = split(path).name
        return ["site-packages", "dist-packages", "conda-meta", "lib", "lib64", "bin"].contains(name)
            || name.hasPrefix("python3") || name.hasSuffix(".dist-info") || name.hasSuffix(".egg-info")
            || path.utf8.count { $0 == UInt8(ascii: "/") } < 3
    }

    /// A member's name as a path from the root; nil for one that leads elsewhere.
    static func normalized(_ name: String) -> String? {
        guard name.utf8.count <= 4096 else { return nil }
        let components = name.split(separator: "/").filter { $0 != "." }
        return components.isEmpty || components.contains("..") ? nil : components.joined(separator: "/")
    }

    static func split(_ path: String) -> (parent: String, name: Substring) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path[...]) }
        return (String(path[..<slash]), path[path.index(after: slash)...])
    }

    static func join(_ parent: String, _ name: some StringProtocol) -> String {
        parent.isEmpty ? String(name) : "\(parent)/\(name)"
    }
}
