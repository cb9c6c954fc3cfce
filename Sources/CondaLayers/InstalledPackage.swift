import ImageAssembler
import PythonLayers
import SystemPackage

/// A package as it is in the image: what is remembered of it, whether its files are unpacked or not.
struct InstalledPackage: Sendable, Hashable, Codable {
    struct Entry: Sendable, Hashable, Codable {
        /// Below the prefix.
        var path: String
        /// Where the file is below the unpacked tree; nil for anything else.
        var source: String?
        /// Bytes.
        var size: Int64 = 0
        var isExecutable = false
        /// Of a symbolic link.
        var target: String?
        /// Of a small file that the installation makes.
        var text: String?
    }

    /// Sorted by path.
    var entries: [Entry]
    /// What pip would call installed: normalised names and versions.
    var distributions: [String: String]
    /// Scripts that Conda would run, and that nothing runs here.
    var scripts: [String]
    /// Whether it has sources without byte code.
    var hasModules: Bool

    /// - Parameter tree: where its files are.
    func layerEntries(tree: FilePath, prefix: String) -> [LayerEntry] {
        let root = prefix.drop { $0 == "/" }
        return entries.map { entry in
            let kind: LayerEntry.Kind =
                if let source = entry.source {
                    .file(tree.appending(source), size: entry.size, executable: entry.isExecutable)
                } else if let target = entry.target {
                    .symbolicLink(target: target)
                } else if let text = entry.text {
                    .bytes(Array(text.utf8), executable: entry.isExecutable)
                } else {
                    .directory
                }
            return LayerEntry(path: "\(root)/\(entry.path)", kind: kind)
        }
    }

    /// The sources that have no byte code in the package.
    func modules(tree: FilePath) -> [ModuleSource] {
        entries.compactMap { entry in
            guard let source = entry.source, entry.path.hasSuffix(".py") else { return nil }
            return ModuleSource(path: entry.path, file: tree.appending(source), size: entry.size)
        }
    }
}
