import FileSystem
package import SystemPackage

/// A file or directory of this machine that becomes a layer of a base image: `SOURCE:/TARGET`.
package struct HostCopy: Sendable, Hashable {
    package var source: FilePath
    /// Without a leading slash; "" for the image's root.
    package var target: String

    /// - Throws: ``BaseError`` `invalidCopy`.
    package init(parsing text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let target = parts.last ?? ""
        let components = target.split(separator: "/")
        guard parts.count > 1, target.hasPrefix("/"), !components.contains(where: { $0 == "." || $0 == ".." }) else {
            throw BaseError(
                .invalidCopy,
                "\"\(text)\" is not of the form SOURCE:/TARGET, a file or directory here and its absolute path in the image"
            )
        }
        source = FilePath(parts.dropLast().joined(separator: ":"))
        self.target = components.joined(separator: "/")
        guard !source.isEmpty, source.exists else {
            throw BaseError(.invalidCopy, "there is no file or directory \(source) to copy to \(target)")
        }
        guard !self.target.isEmpty || source.isDirectory else {
            throw BaseError(
                .invalidCopy,
                "\(source) is a file, and / is the image's root; name the file's path in the image"
            )
        }
    }
}
