import FileSystem
package import SystemPackage

extension LayerWriter {
    /// Makes a layer of a file, or of a directory and all that is in it, whatever their owners, modes and times. Links stay
    /// as they are written.
    ///
    /// - Parameter target: what they are in the image, without a leading slash; "" for the image's root.
    /// - Throws: ``AssemblerError``, `FileSystemError`, `CancellationError`; the store is then as it was.
    package func write(copyOf source: FilePath, as target: String, name: String) async throws -> Layer {
        let entries = try await blocking {
            let identity = try FileIdentity(of: source)
            guard identity.isDirectory else {
                let kind = LayerEntry.Kind.file(source, size: identity.size, executable: identity.isExecutable)
                return [LayerEntry(path: target, kind: kind)]
            }
            let directory = target.isEmpty ? [] : [LayerEntry(path: target, kind: .directory)]
            return try directory
                + ArtifactFiles(in: source, allowsOutwardLinks: true).files.map { $0.entry(below: target) }
        }
        return try await write(entries, name: name, compression: .deflate)
    }
}
