/// Which directories and files are a distribution's own, by its `RECORD`: what removing it has to delete.
enum DistributionRoots {
    /// More of them are no distribution's.
    static let limit = 10_000

    /// - Parameters:
    ///   - record: the text of `RECORD`.
    ///   - packages: the directory that its paths start from, in the image.
    /// - Returns: a package's directory for all that is in it; single files where a directory is shared by others, as
    ///   those of namespaces are. Sorted. Nil for what is no `RECORD`.
    static func roots(of record: String, in packages: String) -> [String]? {
        guard let rows = try? WheelRecord(text: record).rows else { return nil }
        let paths = rows.compactMap { path($0.path, from: packages) }
        var modules: Set<Substring> = []
        for path in paths where path.hasSuffix("/__init__.py") { modules.insert(path.dropLast("/__init__.py".count)) }
        var roots: Set<String> = []
        for path in paths {
            roots.insert(String(root(of: path, below: packages, modules)))
            guard roots.count <= limit else { return nil }
        }
        return roots.sorted()
    }

    private static func root(of path: String, below packages: String, _ modules: Set<Substring>) -> Substring {
        guard path.hasPrefix(packages + "/") else { return path[...] }
        var end = path.index(path.startIndex, offsetBy: packages.count + 1)
        while let slash = path[end...].firstIndex(of: "/") {
            let directory = path[..<slash]
            if modules.contains(directory) || directory.hasSuffix(".dist-info") { return directory }
            end = path.index(after: slash)
        }
        return path[...]
    }

    /// A path of a row in the image; nil for one that leads out of it.
    private static func path(_ row: String, from packages: String) -> String? {
        guard !row.hasPrefix("/"), !row.utf8.contains(0), row.utf8.count <= 4096 else { return nil }
        var components = packages.split(separator: "/")
        for component in row.split(separator: "/") where component != "." {
            if component == ".." {
                guard components.popLast() != nil else { return nil }
            } else {
                components.append(component)
            }
        }
        return components.isEmpty ? nil : components.joined(separator: "/")
    }

    /// The byte code beside a root that is a module in a file of its own. A new version's source would not be looked at
    /// where the old one's byte code is not checked against it (PEP 552).
    static func byteCode(of root: String, _ python: PythonVersion) -> String? {
        guard root.hasSuffix(".py") else { return nil }
        let (parent, name) = BaseMember.split(root)
        return BaseMember.join(parent, "__pycache__/\(name.dropLast(3)).cpython-\(python.digits).pyc")
    }
}
