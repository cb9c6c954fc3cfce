import CArchive
import CZlib
import FileSystem
import SystemPackage

/// The bytes of a tar, or of another file, decompressed, block after block.
protocol TarStream: AnyObject {
    /// The next block, valid until the next call; empty at the end.
    func nextBlock() throws -> UnsafeRawBufferPointer
}

enum TarStreams {
    static let blockSize = 1 << 20

    /// - Parameter descriptor: of the whole file, at its start; it stays the caller's.
    static func open(_ descriptor: FileDescriptor, format: ArchiveFormat, archive: String) throws -> any TarStream {
        switch format {
        case .gzip: try GzipTarStream(descriptor, archive: archive)
        case .bzip2: try FilteredTarStream(descriptor, archive: archive, filter: archive_read_support_filter_bzip2)
        case .xz: try FilteredTarStream(descriptor, archive: archive, filter: archive_read_support_filter_xz)
        case .zstandard: try FilteredTarStream(descriptor, archive: archive, filter: archive_read_support_filter_zstd)
        case .tar, .zip, .unknown: PlainTarStream(descriptor, archive: archive)
        }
    }
}

private final class PlainTarStream: TarStream {
    private let descriptor: FileDescriptor
    private let archive: String
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: TarStreams.blockSize, alignment: 16)

    init(_ descriptor: FileDescriptor, archive: String) {
        self.descriptor = descriptor
        self.archive = archive
    }

    deinit { block.deallocate() }

    func nextBlock() throws -> UnsafeRawBufferPointer {
        do {
            return UnsafeRawBufferPointer(rebasing: block[..<(try descriptor.read(into: block))])
        } catch let errno as Errno {
            throw ArchiveError.system("read", archive, errno)
        }
    }
}

/// Gzip through zlib and not through libarchive, whose filter does not look at the checksum.
final class GzipTarStream: TarStream {
    private let file: gzFile
    private let archive: String
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: TarStreams.blockSize, alignment: 16)

    init(_ descriptor: FileDescriptor, archive: String) throws {
        let own = try descriptor.duplicate()
        guard let file = gzdopen(own.rawValue, "rb") else {
            try? own.close()
            throw ArchiveError.system("read", archive, .noMemory)
        }
        gzbuffer(file, UInt32(TarStreams.blockSize))
        self.file = file
        self.archive = archive
    }

    deinit {
        gzclose_r(file)
        block.deallocate()
    }

    func nextBlock() throws -> UnsafeRawBufferPointer {
        let count = gzread(file, block.baseAddress, UInt32(block.count))
        var code: Int32 = Z_OK
        let message = gzerror(file, &code)
        // A file that ends within a member gives its last bytes first, and `Z_BUF_ERROR` with them.
        guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
            let reason =
                code == Z_BUF_ERROR ? "the file ends too early" : message.map { String(cString: $0) } ?? "unreadable"
            throw ArchiveError(.damaged, archive, "the gzip data is damaged (\(reason)); copy or upload it again")
        }
        return UnsafeRawBufferPointer(rebasing: block[..<Int(count)])
    }
}

/// The other compressions, through libarchive's filters, which check what their formats have to check.
final class FilteredTarStream: TarStream {
    private let handle: OpaquePointer
    private let archive: String
    private var isAtEnd = false

    init(
        _ descriptor: FileDescriptor,
        archive: String,
        filter: (OpaquePointer?) -> Int32
    ) throws {
        guard let handle = archive_read_new() else { throw ArchiveError.system("read", archive, .noMemory) }
        self.handle = handle
        self.archive = archive
        _ = filter(handle)
        archive_read_support_format_raw(handle)
        var entry: OpaquePointer?
        guard archive_read_open_fd(handle, descriptor.rawValue, TarStreams.blockSize) == ARCHIVE_OK else {
            throw damage
        }
        switch archive_read_next_header(handle, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: isAtEnd = true
        default: throw damage
        }
    }

    deinit { archive_read_free(handle) }

    func nextBlock() throws -> UnsafeRawBufferPointer {
        var bytes: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        while !isAtEnd {
            switch archive_read_data_block(handle, &bytes, &count, &offset) {
            case ARCHIVE_OK: if count > 0 { return UnsafeRawBufferPointer(start: bytes, count: count) }
            case ARCHIVE_EOF: isAtEnd = true
            default: throw damage
            }
        }
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private var damage: ArchiveError {
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "unreadable"
        return ArchiveError(
            .damaged,
            archive,
            "the compressed data is damaged or empty (\(reason)); copy or upload it again"
        )
    }
}
