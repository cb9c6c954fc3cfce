import CArchive
package import FileSystem
import Glibc
package import SystemPackage

/// An entry of a tar with all that it says of a file, as an image's layer needs it.
package struct TarEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file
        case directory
        case symbolicLink(target: FilePath)
        /// The path of an earlier file, as it is written.
        case hardLink(target: FilePath)
        case fifo
        /// Devices, and sockets.
        case other
    }

    /// As it is written; not checked.
    package var path: FilePath
    package var kind: Kind
    /// The lower twelve bits of `st_mode`.
    package var mode: UInt32
    package var user: UInt32
    package var group: UInt32
    /// Seconds since 1970.
    package var modified: Int64
}

package enum TarEntries {
    /// Reads a (compressed) tar entry by entry, on the caller's thread, which must not be one of the cooperative pool.
    ///
    /// - Parameter body: is called with each entry and its content, which hands out a file's blocks, each with its offset,
    ///   when it is called.
    /// - Throws: ``ArchiveError``, and what `body` throws.
    package static func visit(
        _ archive: FilePath,
        limits: ArchiveLimits,
        cancellation flag: CancellationFlag,
        _ body: (TarEntry, _ content: TarContent) throws -> Void
    ) throws {
        try withUTF8Locale {
            let reader = try TarEntryReader(archive, limits: limits, flag: flag)
            while let entry = try reader.next() { try body(entry) { try reader.forEachBlock($0) } }
        }
    }
}

/// Hands out a file's blocks, in order, each with its offset in the file.
package typealias TarContent = ((UnsafeRawBufferPointer, Int64) throws -> Void) throws -> Void

/// Lives on one thread, within ``withUTF8Locale(_:)``.
private final class TarEntryReader {
    private let name: String
    private let flag: CancellationFlag
    private let descriptor: FileDescriptor
    private let handle: OpaquePointer
    private let feed: TarFeed
    private var budget: ArchiveBudget

    init(_ path: FilePath, limits: ArchiveLimits, flag: CancellationFlag) throws {
        name = path.lastComponent?.string ?? path.string
        self.flag = flag
        budget = ArchiveBudget(archive: name, limits: limits, packedBytes: try FileIdentity(of: path).size)
        descriptor = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
        do {
            let format = ArchiveFormat.detect(try ArchiveFormat.firstBytes(of: descriptor))
            if case .zip = format { throw ArchiveError(.notAnArchive, name, "it is a zip, where a tar is expected") }
            // What is no tar is told by its first header.
            let stream = try TarStreams.open(descriptor, format: format, archive: name)
            feed = TarFeed(stream, budget: budget, flag: flag, fillsLastBlock: true)
        } catch {
            try? descriptor.close()
            throw error
        }
        guard let handle = archive_read_new() else {
            try? descriptor.close()
            throw ArchiveError.system("read", name, .noMemory)
        }
        self.handle = handle
        archive_read_support_format_tar(handle)
        archive_read_support_format_empty(handle)
        guard feed.open(handle) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_read_free(handle)
        try? descriptor.close()
    }

    func next() throws -> TarEntry? {
        try flag.check()
        var entry: OpaquePointer?
        switch archive_read_next_header(handle, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN: break
        case ARCHIVE_EOF: return nil
        default: throw failure()
        }
        guard let entry, let path = archive_entry_pathname(entry) else { throw failure() }
        try budget.addEntry()
        return TarEntry(
            path: FilePath(platformString: path),
            kind: kind(of: entry),
            mode: UInt32(archive_entry_perm(entry)) & 0o7777,
            user: UInt32(truncatingIfNeeded: archive_entry_uid(entry)),
            group: UInt32(truncatingIfNeeded: archive_entry_gid(entry)),
            modified: Int64(archive_entry_mtime(entry))
        )
    }

    func forEachBlock(_ body: (UnsafeRawBufferPointer, Int64) throws -> Void) throws {
        while true {
            try flag.check()
            var bytes: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            switch archive_read_data_block(handle, &bytes, &count, &offset) {
            case ARCHIVE_EOF: return
            case ARCHIVE_OK: break
            default: throw failure()
            }
            guard offset >= 0 else { throw failure() }
            if count > 0 { try body(UnsafeRawBufferPointer(start: bytes, count: count), offset) }
        }
    }

    private func kind(of entry: OpaquePointer) -> TarEntry.Kind {
        if let target = archive_entry_hardlink(entry) { return .hardLink(target: FilePath(platformString: target)) }
        switch archive_entry_filetype(entry) {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK:
            return archive_entry_symlink(entry).map { .symbolicLink(target: FilePath(platformString: $0)) } ?? .other
        case S_IFIFO: return .fifo
        default: return .other
        }
    }

    private func failure() -> any Error {
        if let failure = feed.failure { return failure }
        let reason = archive_error_string(handle).map { String(cString: $0) } ?? "it is unreadable"
        return ArchiveError(.damaged, name, "damaged tar: \(reason)")
    }
}
