import Archive
import FileSystem
import Glibc
import OCI
import SystemPackage

/// Writes layers into a store: entries to tar to blob, in one pass and with flat memory.
package struct LayerWriter: Sendable {
    package var store: OCILayout
    package var compression: CompressionMode
    /// Modification time of every entry, in seconds since 1970.
    package var modified: Int64
    /// Threads that compress one layer. The bytes do not depend on it.
    package var threads: Int

    package init(store: OCILayout, compression: CompressionMode = .fast, modified: Int64 = 0, threads: Int = 2) {
        self.store = store
        self.compression = compression
        self.modified = modified
        self.threads = threads
    }

    /// Writes one layer. When this throws, the store is as it was.
    ///
    /// - Throws: ``AssemblerError`` (`invalidEntry`, `duplicateEntry`, `fileChanged`), `FileSystemError`,
    ///   `CancellationError`.
    package func write(_ entries: [LayerEntry], name: String, compression kind: LayerCompression) async throws -> Layer
    {
        try await write(name: name, mode: kind == .stored ? .none : compression) { pipeline, cancellation in
            _ = try write(LayerEntries(entries).entries, to: pipeline, cancellation)
        }
    }

    /// Finds a stored layer's digest and size, and writes it nowhere.
    ///
    /// - Returns: the layer, and its tar to be made again.
    /// - Throws: as ``write(_:name:compression:)`` does.
    func measure(_ entries: [LayerEntry], name: String) async throws -> (layer: Layer, tar: TarSegments) {
        let meter = LayerMeter.current
        return try await withCancellableBlocking { cancellation in
            let pipeline = try LayerPipeline(blob: nil, mode: .none, threads: threads, meter: meter)
            defer { pipeline.drain() }
            let segments = try write(LayerEntries(entries).entries, to: pipeline, cancellation)
            return (Self.layer(named: name, .none, try pipeline.finish()), segments)
        }
    }

    /// - Parameter tar: appends the layer's tar to the pipeline.
    func write(
        name: String,
        mode: CompressionMode,
        _ tar: @escaping @Sendable (LayerPipeline, CancellationFlag) throws -> Void
    ) async throws -> Layer {
        let meter = LayerMeter.current
        return try await withCancellableBlocking { cancellation in
            let blob = try BlobIngest(in: store)
            do {
                let pipeline = try LayerPipeline(blob: blob, mode: mode, threads: threads, meter: meter)
                // Also when this throws: the other stages must have let go of the blob before it is discarded.
                defer { pipeline.drain() }
                try tar(pipeline, cancellation)
                let result = try pipeline.finish()
                try cancellation.check()
                try blob.commit(result.digest)
                return Self.layer(named: name, mode, result)
            } catch {
                blob.discard()
                throw error
            }
        }
    }

    private static func layer(named name: String, _ mode: CompressionMode, _ result: LayerPipeline.Result) -> Layer {
        let descriptor = Descriptor(
            mediaType: mode == .none ? .ociLayer : .ociLayerGzip,
            digest: result.digest,
            size: result.size
        )
        return Layer(name: name, descriptor: descriptor, diffID: result.diffID)
    }

    private func write(
        _ entries: [LayerEntry],
        to pipeline: LayerPipeline,
        _ cancellation: CancellationFlag
    ) throws -> TarSegments {
        let recorder = TarRecorder()
        var tar = try TarWriter(modified: modified) { bytes in
            recorder.segments.take(bytes)
            try pipeline.append(bytes)
        }
        for entry in entries {
            try cancellation.check()
            switch entry.kind {
            case .directory:
                try tar.addDirectory(entry.path)
            case .symbolicLink(let target):
                try tar.addSymbolicLink(entry.path, target: target)
            case .bytes(let bytes, let executable):
                try tar.addFile(entry.path, size: Int64(bytes.count), executable: executable)
                try bytes.withUnsafeBytes { try tar.write($0) }
            case .file(let path, let size, let executable):
                try tar.addFile(entry.path, size: size, executable: executable)
                recorder.segments.beginFile(path, size: size)
                try copy(path, size: size, to: &tar, through: pipeline, cancellation)
            case .removed:
                try tar.addFile(entry.whiteout, size: 0, executable: false)
            }
        }
        try tar.finish()
        return recorder.segments
    }

    /// Reads a file straight into the pipeline's block; the tar writer hands the same address on, so nothing is copied.
    private func copy(
        _ path: FilePath,
        size: Int64,
        to tar: inout TarWriter,
        through pipeline: LayerPipeline,
        _ cancellation: CancellationFlag
    ) throws {
        try naming("read", path) {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            // The tar writer cannot be captured by an escaping closure, so this is no `closeAfter`.
            defer { try? file.close() }
            let before = try FileStatus(file)
            guard before.isRegular, before.size == size else { throw Self.changed(path) }
            if size > 1 << 20 { posix_fadvise(file.rawValue, 0, 0, POSIX_FADV_SEQUENTIAL) }
            var rest = size
            while rest > 0 {
                try cancellation.check()
                let space = pipeline.space
                let room = UnsafeMutableRawBufferPointer(rebasing: space[..<Int(min(Int64(space.count), rest))])
                let count = try file.read(into: room)
                guard count > 0 else { throw Self.changed(path) }
                try tar.write(UnsafeRawBufferPointer(rebasing: room[..<count]))
                rest -= Int64(count)
            }
            guard try FileStatus(file) == before else { throw Self.changed(path) }
        }
    }

    static func changed(_ path: FilePath) -> AssemblerError {
        AssemblerError(.fileChanged, "\(path) changed while it was read; let whatever writes it finish and try again")
    }
}

/// What shows that an open file stays as it is.
private struct FileStatus: Equatable {
    var size: Int64
    var isRegular: Bool
    var modified: Int64

    init(_ file: FileDescriptor) throws {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: Glibc.errno) }
        size = Int64(status.st_size)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}

/// Lets the tar's sink, a closure, fill in what its owner returns.
private final class TarRecorder {
    var segments = TarSegments()
}
