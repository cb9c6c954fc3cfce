/// What an archive may hold before it is refused.
package struct ArchiveLimits: Sendable, Hashable {
    package var maximumEntries = 200_000
    /// Unpacked bytes in all.
    package var maximumBytes: Int64 = 1 << 40
    /// Unpacked bytes for one packed byte, once 64 MiB are unpacked.
    package var maximumRatio: Int64 = 1_000
    /// Whether files may have holes, which take no room in the archive.
    package var allowsSparseFiles = true

    package init() {}
}

/// Counts what an archive has unpacked to so far.
struct ArchiveBudget {
    let archive: String
    let limits: ArchiveLimits
    /// Size of the archive itself, in bytes; nil for a directory, which has no ratio.
    let packedBytes: Int64?
    private var entries = 0
    private var bytes: Int64 = 0

    init(archive: String, limits: ArchiveLimits, packedBytes: Int64?) {
        self.archive = archive
        self.limits = limits
        self.packedBytes = packedBytes
    }

    mutating func addEntry() throws {
        entries += 1
        guard entries <= limits.maximumEntries else {
            throw ArchiveError(
                .limit,
                archive,
                "it has more than the \(limits.maximumEntries) entries that are allowed"
            )
        }
    }

    mutating func add(bytes count: Int64) throws {
        try check(adding: count)
        bytes += count
    }

    /// Throws when `count` bytes more would be too many.
    func check(adding count: Int64) throws {
        let (total, overflow) = bytes.addingReportingOverflow(count)
        guard !overflow, total <= limits.maximumBytes else {
            throw ArchiveError(
                .limit,
                archive,
                "it unpacks to more than the \(limits.maximumBytes) bytes that are allowed"
            )
        }
        guard let packedBytes, total > 64 << 20 else { return }
        guard total / max(packedBytes, 1) < limits.maximumRatio else {
            throw ArchiveError(
                .limit,
                archive,
                "\(packedBytes) bytes unpack to \(total) or more, over \(limits.maximumRatio) times as many: "
                    + "that is how an archive looks that is made to fill a disk"
            )
        }
    }
}
