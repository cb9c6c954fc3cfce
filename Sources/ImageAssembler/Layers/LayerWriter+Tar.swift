import FileSystem
import OCI
package import SystemPackage

extension LayerWriter {
    /// Makes a layer of a tar that someone else wrote, byte for byte; its owners, modes and times are kept.
    ///
    /// - Throws: `FileSystemError`, `CancellationError`; the store is then as it was.
    package func write(tar file: FilePath, name: String) async throws -> Layer {
        try await write(name: name, mode: compression) { pipeline, cancellation in
            try file.readBlocks(cancellation) { try pipeline.append($0) }
        }
    }
}
