import SystemPackage

/// One archive on its way into a directory.
struct Extraction: ~Copyable {
    let reader: ArchiveReader
    let root: ExtractionRoot
    var table: MemberTable

    mutating func run() throws -> [ArchiveMember] {
        while let entry = try reader.next() {
            if entry.path.isEmpty {
                // "./", the root itself, which many a tar begins with.
                guard entry.kind == .directory else {
                    throw ArchiveError(
                        .unsafeName,
                        reader.name,
                        "an entry without a name is no directory; pack it again"
                    )
                }
            } else {
                try unpack(entry)
            }
        }
        try table.checkLinks()
        let members = table.sorted
        for member in members {
            if let target = member.linkTarget { try root.createSymbolicLink(member.path, target: target) }
        }
        return members
    }

    private mutating func unpack(_ entry: ArchiveEntry) throws {
        if case .hardLink(let target) = entry.kind {
            try link(entry, to: target)
        } else {
            for directory in try table.add(try entry.member(in: reader.name)) { try root.createDirectory(directory) }
            if entry.kind == .file { try unpackFile(entry) }
        }
    }

    private mutating func unpackFile(_ entry: ArchiveEntry) throws {
        guard !entry.isSparse || table.limits.allowsSparseFiles else {
            throw ArchiveError(
                .unsupportedType,
                reader.name,
                member: entry.path,
                "it is a sparse file, which says more bytes than it brings; pack it as a plain one"
            )
        }
        try table.check(size: entry.size ?? 0)
        var end: Int64 = 0
        try root.createFile(entry.path, executable: entry.isExecutable) { file in
            try reader.forEachBlock(of: entry) { bytes, offset in
                try table.check(size: offset + Int64(bytes.count))
                try file.writeAll(toAbsoluteOffset: offset, bytes)
                end = offset + Int64(bytes.count)
            }
            if let size = entry.size, size > end {
                try root.extend(entry.path, file, to: size)
                end = size
            }
        }
        try table.setSize(end, of: entry.path)
    }

    /// A hard link counts with its file's size: what reads the directory later sees that file once more.
    private mutating func link(_ entry: ArchiveEntry, to target: String) throws {
        guard let file = table.members[target], file.kind == .file else {
            throw ArchiveError(
                .unsafeLink,
                reader.name,
                member: entry.path,
                "it is a hard link to \"\(target)\", which is no earlier file of the archive; pack the file itself instead"
            )
        }
        let member = ArchiveMember(path: entry.path, kind: .file, isExecutable: file.isExecutable)
        for directory in try table.add(member) { try root.createDirectory(directory) }
        try table.setSize(file.size, of: entry.path)
        try root.createHardLink(entry.path, to: target)
    }
}
