import CArchive
import FileSystem
package import SystemPackage

/// One file that is compressed by itself, as joblib does it; not an archive of several.
package struct CompressedFile: Sendable {
    package enum Compression: Sendable, Hashable, CaseIterable {
        case zlib, gzip, bzip2, xz, lzma, lz4

        /// What a file's first bytes promise. Those of zlib and lzma are so few that they can come by chance.
        package init?(_ head: [UInt8]) {
            func starts(_ bytes: UInt8...) -> Bool { head.starts(with: bytes) }
            if starts(0x1f, 0x8b) {
                self = .gzip
            } else if starts(0x42, 0x5a, 0x68) {
                self = .bzip2
            } else if starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0) {
                self = .xz
            } else if starts(0x5d, 0, 0) {
                self = .lzma
            } else if starts(0x04, 0x22, 0x4d, 0x18) {
                self = .lz4
            } else if head.count > 1, head[0] == 0x78, (Int(head[0]) << 8 + Int(head[1])) % 31 == 0 {
                // Deflate with a window of 32 KiB; the second byte makes a multiple of 31 (RFC 1950, section 2.2).
                self = .zlib
            } else {
                return nil
            }
        }
    }

    package var path: FilePath
    package var compression: Compression

    package init(_ path: FilePath, _ compression: Compression) {
        self.path = path
        self.compression = compression
    }

    /// Hands out the content, block after block of at most a few MiB, without keeping any.
    ///
    /// - Parameters:
    ///   - limit: bytes after which no block follows: a little file can hold very much.
    ///   - body: returns false to stop.
    /// - Throws: ``ArchiveError``, and what `body` throws.
    package func forEachBlock(limit: Int64, _ body: (UnsafeRawBufferPointer) throws -> Bool) throws {
        let descriptor = try naming("open", path) {
            try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        }
        try descriptor.closeAfter {
            let stream = try stream(of: descriptor)
            var count: Int64 = 0
            while count < limit {
                let block = try stream.nextBlock()
                count += Int64(block.count)
                guard !block.isEmpty, try body(block) else { return }
            }
        }
    }

    private func stream(of descriptor: FileDescriptor) throws -> any TarStream {
        let name = path.lastComponent?.string ?? path.string
        func filtered(_ filter: (OpaquePointer?) -> Int32) throws -> any TarStream {
            try FilteredTarStream(descriptor, archive: name, filter: filter)
        }
        return switch compression {
        case .zlib: try ZlibStream(descriptor, name: name)
        case .gzip: try GzipTarStream(descriptor, archive: name)
        case .bzip2: try filtered(archive_read_support_filter_bzip2)
        case .xz: try filtered(archive_read_support_filter_xz)
        case .lzma: try filtered(archive_read_support_filter_lzma)
        case .lz4: try filtered(archive_read_support_filter_lz4)
        }
    }
}
