package import FileSystem
package import SystemPackage

package enum ArchiveExtractor {
    /// Unpacks a zip or (compressed) tar, told by content, into an empty directory; refuses what is hostile.
    ///
    /// Owners are not kept, modes become 0644, 0755 or, for directories, 0755. Directories without an entry of their own
    /// are made and returned too. Decomposed UTF-8 names (macOS) of zips and pax headers come composed.
    ///
    /// - Returns: what is there now, sorted by the bytes of the paths.
    /// - Throws: ``ArchiveError``; the directory is then left for the caller to remove.
    package static func extract(
        _ archive: FilePath,
        into directory: FilePath,
        limits: ArchiveLimits = ArchiveLimits()
    ) async throws -> [ArchiveMember] {
        try await withCancellableBlocking { flag in
            try withUTF8Locale {
                let reader = try ArchiveReader(archive, limits: limits, flag: flag)
                var extraction = Extraction(
                    reader: reader,
                    root: try ExtractionRoot(directory, archive: reader.name),
                    table: MemberTable(reader, limits)
                )
                return try extraction.run()
            }
        }
    }

    /// Reads a zip or tar's members in its own order without unpacking it, under the same rules. Hard links are refused.
    ///
    /// - Parameter body: is called on a thread of its own with each member and its content, which hands out a file's
    ///   blocks in order when it is called. Content that is not asked for is not verified.
    package static func forEachMember(
        of archive: FilePath,
        limits: ArchiveLimits = ArchiveLimits(),
        _ body: @escaping @Sendable (ArchiveMember, _ content: ArchiveContent) throws -> Void
    ) async throws {
        try await withCancellableBlocking { flag in
            try visitMembers(of: archive, limits: limits, cancellation: flag, body)
        }
    }

    /// The same on the caller's thread, which must not be one of the cooperative pool.
    package static func visitMembers(
        of archive: FilePath,
        limits: ArchiveLimits = ArchiveLimits(),
        cancellation flag: CancellationFlag = CancellationFlag(),
        _ body: (ArchiveMember, _ content: ArchiveContent) throws -> Void
    ) throws {
        try withUTF8Locale {
            let reader = try ArchiveReader(archive, limits: limits, flag: flag)
            var table = MemberTable(reader, limits)
            while let entry = try reader.next() {
                guard !entry.path.isEmpty else { continue }
                let member = try entry.member(in: reader.name)
                _ = try table.add(member)
                if let size = entry.size { try table.setSize(size, of: member.path) }
                try body(member) { take in
                    guard entry.kind == .file else { return }
                    try reader.forEachBlock(of: entry) { bytes, _ in try take(bytes) }
                }
            }
            try table.checkLinks()
        }
    }
}

/// Hands out a file's blocks, in order.
package typealias ArchiveContent = ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

extension MemberTable {
    init(_ reader: ArchiveReader, _ limits: ArchiveLimits) {
        self.init(budget: ArchiveBudget(archive: reader.name, limits: limits, packedBytes: reader.packedBytes))
    }
}

extension ArchiveEntry {
    /// The entry as a member, but for a hard link, which only an unpacked archive can hold.
    func member(in archive: String) throws -> ArchiveMember {
        switch kind {
        case .file: ArchiveMember(path: path, kind: .file, size: size ?? 0, isExecutable: isExecutable)
        case .directory: ArchiveMember(path: path, kind: .directory)
        case .symbolicLink(let target): ArchiveMember(path: path, kind: .symbolicLink, linkTarget: target)
        case .hardLink:
            throw ArchiveError(
                .unsupportedType,
                archive,
                member: path,
                "it is a hard link; pack the file itself instead"
            )
        }
    }
}
