import Archive
package import DockerEngine
import FileSystem
package import ImageAssembler
package import OCI
package import SystemPackage

extension EngineSession {
    /// Takes an image into the engine that no registry has.
    ///
    /// - Parameters:
    ///   - name: the image's in the engine.
    ///   - directory: scratch space.
    package func load(_ image: BaseImage, as name: ImageReference, scratch directory: FilePath) async throws {
        let archive = directory.appending("image.tar")
        try await ImageArchive.write(
            image.source.manifest(.digest(image.descriptor.digest)),
            from: image.source,
            names: [name],
            to: archive,
            format: .dockerArchive
        )
        try await load(archive, size: FileIdentity(of: archive).size)
        try archive.removeTree()
    }

    /// A file of a container, whole; nil where there is none.
    ///
    /// - Throws: ``ContainerError`` `invalidFile` for what is no file, or larger than the limit.
    func file(_ path: String, of container: String, limit: Int) async throws -> [UInt8]? {
        guard let tar = try await packed(path, of: container) else { return nil }
        func invalid(_ reason: String) -> ContainerError {
            ContainerError(.invalidFile, "\(path) of the container \(reason)")
        }
        var splitter = TarSplitter(name: path)
        var contents: [UInt8]?
        for try await chunk in tar {
            try chunk.withUnsafeBytes { bytes in
                try splitter.take(bytes) { part in
                    switch part {
                    case .begin(let entry):
                        guard entry.kind == .file, contents == nil else { throw invalid("is no file") }
                        guard entry.size <= limit else { throw invalid("has more than \(limit) bytes") }
                        contents = []
                    case .bytes(let bytes): contents?.append(contentsOf: bytes)
                    case .end: break
                    }
                }
            }
        }
        try splitter.finish()
        return contents
    }
}
