/// How a version of an artifact is named, in packagings, URLs and on the command line: `wine.zip@2`; `wine.zip` alone is
/// its default version.
struct ArtifactReference: Sendable, Hashable, CustomStringConvertible {
    var name: String
    var version: Int

    init(name: String, version: Int) {
        self.name = name
        self.version = version
    }

    /// Nil for a text that names no version.
    init?(_ text: String) {
        guard let separator = text.lastIndex(of: "@") else { return nil }
        let digits = text[text.index(after: separator)...]
        guard separator > text.startIndex, !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let version = Int(digits)
        else { return nil }
        self.init(name: String(text[..<separator]), version: version)
    }

    var description: String { "\(name)@\(version)" }
}

/// What may be an artifact's name, and what follows from it.
enum ArtifactName {
    /// A name is one component of a path that is not hidden.
    static func check(_ name: String) throws {
        let isVisible = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !name.isEmpty, name.utf8.count <= 255, !name.hasPrefix("."), !name.contains("/"), isVisible else {
            throw ServiceError(
                .invalid,
                "\"\(name)\" is not an artifact name: it needs 1 to 255 bytes, no slash or control character, and no dot at its start"
            )
        }
    }

    /// A new artifact's name is none that would be read as another's version.
    static func checkNew(_ name: String) throws {
        try check(name)
        guard let reference = ArtifactReference(name) else { return }
        throw ServiceError(
            .invalid,
            "\"\(name)\" means version \(reference.version) of \"\(reference.name)\", and a version gets its number here: upload to \"\(reference.name)\""
        )
    }

    /// A model that has no name of its own is called after its artifact, without what tells the kind of archive.
    static func stem(of name: String) -> String {
        let extensions = [".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz", ".txz", ".zip", ".tar"]
        guard let ending = extensions.first(where: { name.lowercased().hasSuffix($0) && name.count > $0.count }) else {
            return name
        }
        return String(name.dropLast(ending.count))
    }
}
