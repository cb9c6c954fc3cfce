import CArchive
import Glibc

/// Writes a tar (`paxr`: ustar, with a pax header only where a name or size needs one) entry by entry into a sink.
///
/// Owners are 0 and modes 0644 or 0755 unless others are given, every entry has one modification time, and the archive
/// ends after two zero blocks: equal entries give equal bytes in every locale. One thread at a time may use it.
package struct TarWriter: ~Copyable {
    private let archive: OpaquePointer
    private let entry: OpaquePointer
    private let sink: Sink
    private let modified: Int64
    private let owner: Owner
    private var open: OpenFile?
    private var isFinished = false

    private struct OpenFile {
        var path: String
        var size: Int64
        var written: Int64
    }

    /// The user and group of every entry.
    package struct Owner: Sendable, Hashable {
        package var user: Int64
        package var group: Int64

        package init(user: Int64, group: Int64) {
            self.user = user
            self.group = group
        }

        package static let root = Owner(user: 0, group: 0)
    }

    /// - Parameters:
    ///   - modified: the modification time of every entry, in seconds since 1970.
    ///   - sink: takes the archive's bytes in order; what it throws ends the writing. A file's bytes arrive at the very
    ///     address that ``write(_:)`` was given.
    package init(
        modified: Int64,
        owner: Owner = .root,
        sink: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let archive = archive_write_new() else {
            throw TarWriterError(.outOfMemory, path: nil, "it has no memory")
        }
        guard let entry = archive_entry_new() else {
            archive_write_free(archive)
            throw TarWriterError(.outOfMemory, path: nil, "it has no memory")
        }
        let box = Sink(sink)
        archive_write_set_format_pax_restricted(archive)
        // No blocking: the sink sees the caller's buffers, and nothing is padded to a block of 10 KiB.
        archive_write_set_bytes_per_block(archive, 0)
        archive_write_set_bytes_in_last_block(archive, 1)
        let result = archive_write_open2(
            archive,
            Unmanaged.passUnretained(box).toOpaque(),
            nil,
            { _, context, bytes, count in
                guard let context else { return -1 }
                return Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                    .take(UnsafeRawBufferPointer(start: bytes, count: count))
            },
            nil,
            nil
        )
        guard result == ARCHIVE_OK else {
            let reason = Self.reason(archive)
            archive_entry_free(entry)
            archive_write_free(archive)
            throw TarWriterError(.library, path: nil, reason)
        }
        self.archive = archive
        self.entry = entry
        self.sink = box
        self.modified = modified
        self.owner = owner
    }

    deinit {
        // Without this, freeing would pad the open entry with zeros and write the end of the archive.
        if !isFinished { archive_write_fail(archive) }
        archive_write_free(archive)
        archive_entry_free(entry)
    }

    package mutating func addDirectory(_ path: String, permissions: UInt32 = 0o755) throws {
        try begin(path, type: S_IFDIR, permissions: permissions)
    }

    package mutating func addSymbolicLink(_ path: String, target: String) throws {
        guard !target.isEmpty, !target.utf8.contains(0) else {
            throw TarWriterError(.invalidName, path: path, "\"\(target)\" is no target for a link")
        }
        try begin(path, type: S_IFLNK, permissions: 0o777, target: target)
    }

    /// Starts a file; exactly `size` bytes have to follow through ``write(_:)``.
    package mutating func addFile(_ path: String, size: Int64, executable: Bool) throws {
        try addFile(path, size: size, permissions: executable ? 0o755 : 0o644)
    }

    package mutating func addFile(_ path: String, size: Int64, permissions: UInt32) throws {
        precondition(size >= 0)
        try begin(path, type: S_IFREG, permissions: permissions, size: size)
        open = OpenFile(path: path, size: size, written: 0)
    }

    /// Bytes of the file that was added last.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.isEmpty { return }
        guard let file = open, file.written + Int64(bytes.count) <= file.size else {
            throw TarWriterError(.wrongSize, path: open?.path, "more bytes came than the \(open?.size ?? 0) it has")
        }
        var rest = bytes
        while !rest.isEmpty {
            let count = archive_write_data(archive, rest.baseAddress, rest.count)
            guard count > 0 else { throw failure(file.path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[Int(count)...])
        }
        open?.written += Int64(bytes.count)
    }

    /// Ends the archive. A file that fell short of its size is an error.
    package consuming func finish() throws {
        try endFile()
        let result = archive_write_close(archive)
        isFinished = true
        guard result == ARCHIVE_OK else { throw failure(nil) }
    }

    private mutating func begin(
        _ path: String,
        type: mode_t,
        permissions: mode_t,
        size: Int64 = 0,
        target: String? = nil
    ) throws {
        try endFile()
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw TarWriterError(.invalidName, path: path, "that is no name for an entry")
        }
        archive_entry_clear(entry)
        archive_entry_set_pathname(entry, path)
        archive_entry_set_filetype(entry, type)
        archive_entry_set_perm(entry, permissions)
        archive_entry_set_size(entry, size)
        archive_entry_set_uid(entry, owner.user)
        archive_entry_set_gid(entry, owner.group)
        archive_entry_set_mtime(entry, time_t(modified), 0)
        if let target { archive_entry_set_symlink(entry, target) }
        // A warning says that a name could not be written as it is.
        let result = try UTF8Locale.with { archive_write_header(archive, entry) }
        guard result == ARCHIVE_OK else { throw failure(path) }
    }

    private mutating func endFile() throws {
        guard let file = open else { return }
        guard file.written == file.size else {
            throw TarWriterError(.wrongSize, path: file.path, "only \(file.written) of its \(file.size) bytes came")
        }
        open = nil
        guard archive_write_finish_entry(archive) == ARCHIVE_OK else { throw failure(file.path) }
    }

    private func failure(_ path: String?) -> any Error {
        sink.error ?? TarWriterError(.library, path: path, Self.reason(archive))
    }

    private static func reason(_ archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) } ?? "libarchive says no reason"
    }

    private final class Sink {
        private let body: (UnsafeRawBufferPointer) throws -> Void
        var error: (any Error)?

        init(_ body: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.body = body }

        func take(_ bytes: UnsafeRawBufferPointer) -> Int {
            do {
                try body(bytes)
                return bytes.count
            } catch {
                self.error = error
                return -1
            }
        }
    }
}
