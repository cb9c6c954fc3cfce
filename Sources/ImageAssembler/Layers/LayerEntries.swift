/// The entries of a layer in the order of their paths' bytes, with every parent directory, each path once.
struct LayerEntries: Sendable {
    let entries: [LayerEntry]

    /// - Throws: ``AssemblerError`` `invalidEntry` for a path that is not relative and normalised, that a container
    ///   engine would take for a deletion (`.wh.`), or that lies below a file; `duplicateEntry` for a path given twice.
    ///   A directory given twice is one directory.
    init(_ unordered: [LayerEntry]) throws {
        // Keyed by bytes: to `String` two Unicode spellings of one name are equal, to a file system they are not.
        var byPath: [[UInt8]: LayerEntry] = [:]
        byPath.reserveCapacity(unordered.count * 2)
        for entry in unordered {
            let path = Array(entry.path.utf8)
            try Self.check(entry.path, path)
            if let other = byPath[path], other.kind != .directory || entry.kind != .directory {
                throw AssemblerError(.duplicateEntry, "\"\(entry.path)\" is twice in one layer")
            }
            byPath[path] = entry
        }
        for entry in unordered {
            var parent = Array(entry.path.utf8)[...]
            while let slash = parent.lastIndex(of: UInt8(ascii: "/")) {
                parent = parent[..<slash]
                if let known = byPath[Array(parent)] {
                    guard known.kind == .directory else {
                        throw AssemblerError(
                            .invalidEntry,
                            "\"\(entry.path)\" lies below \"\(known.path)\", which is no directory"
                        )
                    }
                    continue
                }
                byPath[Array(parent)] = LayerEntry(path: String(decoding: parent, as: UTF8.self), kind: .directory)
            }
        }
        entries = byPath.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    private static func check(_ text: String, _ path: [UInt8]) throws {
        for component in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !component.isEmpty, component != [0x2e], component != [0x2e, 0x2e], !component.contains(0) else {
                throw AssemblerError(
                    .invalidEntry,
                    "\"\(text)\" is no path for a layer: it has to be relative and without \".\" and \"..\""
                )
            }
            guard !component.starts(with: ".wh.".utf8) else {
                throw AssemblerError(
                    .invalidEntry,
                    "\"\(text)\" cannot be put into an image: a name that starts with \".wh.\" means a deletion there; rename it"
                )
            }
        }
    }
}

extension LayerEntry {
    /// The path of the file that means the deletion of this one. Source: OCI image specification, "Whiteouts".
    var whiteout: String {
        guard let slash = path.lastIndex(of: "/") else { return ".wh.\(path)" }
        return "\(path[...slash]).wh.\(path[path.index(after: slash)...])"
    }
}
