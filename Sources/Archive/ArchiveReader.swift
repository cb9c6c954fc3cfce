import CArchive
import FileSystem
import Glibc
import SystemPackage

/// One entry as an archive has it, its name checked.
struct ArchiveEntry {
    enum Kind: Hashable {
        case file
        case directory
        case symbolicLink(target: String)
        /// The path of an earlier file.
        case hardLink(target: String)
    }

    /// "" for the root itself.
    var path: String
    var kind: Kind
    /// Bytes, as declared; nil where only the data tells.
    var size: Int64?
    var isExecutable: Bool
    var isSparse: Bool
}

/// Reads a zip or tar entry by entry. Lives on one thread, within ``withUTF8Locale(_:)``.
final class ArchiveReader {
    let name: String
    /// Of the archive itself, in bytes.
    let packedBytes: Int64
    private let flag: CancellationFlag
    private let descriptor: FileDescriptor
    private let handle: OpaquePointer
    private let isZip: Bool
    /// Nil for a zip, which libarchive reads (and seeks in) by itself.
    private var feed: TarFeed?

    init(_ path: FilePath, limits: ArchiveLimits, flag: CancellationFlag) throws {
        name = path.lastComponent?.string ?? path.string
        self.flag = flag
        let identity = try FileIdentity(of: path)
        guard identity.isRegularFile else {
            throw ArchiveError(.notAnArchive, name, "it is not a file; give a zip or a tar")
        }
        packedBytes = identity.size
        descriptor = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
        guard let handle = archive_read_new() else {
            try? descriptor.close()
            throw ArchiveError.system("read", name, .noMemory)
        }
        self.handle = handle
        let head = try ArchiveFormat.firstBytes(of: descriptor)
        let format = ArchiveFormat.detect(head)
        isZip = format == .zip
        if case .unknown(let what) = format {
            throw ArchiveError(.notAnArchive, name, "it is \(what), not an archive; give a zip or a (compressed) tar")
        }
        // The end record alone, which libarchive does not take for a zip.
        if format == .zip, head[2] == 5 {
            throw ArchiveError(.notAnArchive, name, "the zip is empty; pack the model into it")
        }
        try open(format, limits: limits)
    }

    deinit {
        archive_read_free(handle)
        try? descriptor.close()
    }

    private func open(_ format: ArchiveFormat, limits: ArchiveLimits) throws {
        if isZip {
            // Not the streaming reader, which believes whatever follows: the central directory is what counts.
            archive_read_support_format_zip_seekable(handle)
            guard archive_read_open_fd(handle, descriptor.rawValue, TarStreams.blockSize) == ARCHIVE_OK else {
                throw ArchiveError(
                    .damaged,
                    name,
                    "the zip has no directory at its end: it is cut off or damaged; copy or upload it again"
                )
            }
        } else {
            archive_read_support_format_tar(handle)
            let budget = ArchiveBudget(archive: name, limits: limits, packedBytes: packedBytes)
            let feed = TarFeed(
                try TarStreams.open(descriptor, format: format, archive: name),
                budget: budget,
                flag: flag
            )
            self.feed = feed
            guard feed.open(handle) == ARCHIVE_OK else { throw failure(opening: format) }
        }
    }

    /// The next entry; nil at the end, once the archive has proved whole.
    func next() throws -> ArchiveEntry? {
        try flag.check()
        var entry: OpaquePointer?
        switch archive_read_next_header(handle, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF:
            try checkEnd()
            return nil
        default: throw failure()
        }
        guard let entry else { return nil }
        return try read(entry)
    }

    /// Hands the blocks of the entry that ``next()`` gave, each with its offset in the file.
    func forEachBlock(of entry: ArchiveEntry, _ body: (UnsafeRawBufferPointer, Int64) throws -> Void) throws {
        var end: Int64 = 0
        while true {
            try flag.check()
            var bytes: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            let result = archive_read_data_block(handle, &bytes, &count, &offset)
            if result == ARCHIVE_EOF { break }
            guard result == ARCHIVE_OK else { throw failure(member: entry.path) }
            guard offset >= end else { throw damage("its blocks overlap", member: entry.path) }
            end = offset + Int64(count)
            if count > 0 { try body(UnsafeRawBufferPointer(start: bytes, count: count), offset) }
        }
        if let size = entry.size, entry.isSparse ? end > size : end != size {
            throw damage("it has \(end) bytes instead of \(size)", member: entry.path)
        }
    }

    private func read(_ entry: OpaquePointer) throws -> ArchiveEntry {
        let written = try text(archive_entry_pathname(entry), of: "name")
        guard archive_entry_is_encrypted(entry) == 0 else {
            throw ArchiveError(
                .encrypted,
                name,
                member: written,
                "it is encrypted; pack the model again without a password"
            )
        }
        let path = try MemberName.path(of: written, in: name)
        let kind: ArchiveEntry.Kind
        let type = archive_entry_filetype(entry)
        if let target = archive_entry_hardlink(entry) {
            kind = .hardLink(target: try MemberName.path(of: try text(target, of: "link"), in: name))
        } else {
            switch type {
            case S_IFREG: kind = .file
            case S_IFDIR: kind = .directory
            case S_IFLNK: kind = .symbolicLink(target: try text(archive_entry_symlink(entry), of: "link"))
            default:
                throw ArchiveError(
                    .unsupportedType,
                    name,
                    member: written,
                    "it is a device, FIFO or socket; pack files, directories and links only"
                )
            }
        }
        return ArchiveEntry(
            path: path,
            kind: kind,
            size: archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : nil,
            isExecutable: archive_entry_perm(entry) & 0o111 != 0,
            isSparse: archive_entry_sparse_count(entry) > 0
        )
    }

    private func text(_ bytes: UnsafePointer<CChar>?, of what: String) throws -> String {
        guard let bytes, let text = MemberName.text(bytes, isZip: isZip) else {
            let shown = bytes.map { String(cString: $0) }
            throw ArchiveError(
                .unsafeName,
                name,
                member: shown,
                "its \(what) is not UTF-8; pack it again with UTF-8 names"
            )
        }
        return text
    }

    /// A tar that is cut between two entries reads well; only its end marker is missing.
    private func checkEnd() throws {
        guard let feed else { return }
        let end = archive_read_header_position(handle)
        try feed.drain()
        guard feed.position > end else { throw damage("it ends without the tar's end marker, so it is cut off") }
    }

    private func failure(opening format: ArchiveFormat) -> any Error {
        if let failure = feed?.failure { return failure }
        // Damage deep in a compressed block gives garbage first and a wrong checksum at the block's end.
        do { try feed?.drain() } catch let error as ArchiveError where error.code == .limit {} catch { return error }
        guard format == .tar else {
            return ArchiveError(
                .notAnArchive,
                name,
                "the compressed file (\(format)) holds no tar; give a zip or a (compressed) tar"
            )
        }
        return damage("the first tar header is wrong")
    }

    private func failure(member: String? = nil) -> any Error {
        if let failure = feed?.failure { return failure }
        if archive_read_has_encrypted_entries(handle) > 0 {
            return ArchiveError(
                .encrypted,
                name,
                member: member,
                "it is encrypted; pack the model again without a password"
            )
        }
        return damage(archive_error_string(handle).map { String(cString: $0) } ?? "it is unreadable", member: member)
    }

    private func damage(_ reason: String, member: String? = nil) -> ArchiveError {
        ArchiveError(.damaged, name, member: member, "damaged archive: \(reason); copy or upload it again")
    }
}
