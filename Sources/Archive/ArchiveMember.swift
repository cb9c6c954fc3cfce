/// One thing in an archive or directory.
package struct ArchiveMember: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case file, directory, symbolicLink }
    /// Relative, normalised, without a leading "./".
    package var path: String
    package var kind: Kind
    /// Bytes; 0 for anything but a file.
    package var size: Int64
    /// For files only.
    package var isExecutable: Bool
    /// Where a symbolic link points, as it is written; nil for anything else.
    package var linkTarget: String?

    package init(path: String, kind: Kind, size: Int64 = 0, isExecutable: Bool = false, linkTarget: String? = nil) {
        self.path = path
        self.kind = kind
        self.size = size
        self.isExecutable = isExecutable
        self.linkTarget = linkTarget
    }
}
