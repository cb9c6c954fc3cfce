package import SystemPackage

/// What an archive may hold before it is refused.
package struct ArchiveLimits: Sendable, Hashable {
    package var maximumEntries = 200_000
    /// Unpacked bytes in all.
    package var maximumBytes: Int64 = 1 << 40
    /// Unpacked bytes for one packed byte, once 64 MiB are unpacked.
    package var maximumRatio: Int64 = 1_000

    package init() {}
}

/// One thing that was unpacked.
package struct ArchiveMember: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case file, directory, symbolicLink }
    /// Relative, normalised, without a leading "./".
    package var path: String
    package var kind: Kind
    package var size: Int64
    package var isExecutable: Bool
}

package enum ArchiveExtractor {
    /// Unpacks a zip or (compressed) tar, told by content, into an empty directory; refuses what is hostile.
    ///
    /// - Throws: ``ArchiveError``; the directory is then left for the caller to remove.
    package static func extract(_ archive: FilePath, into directory: FilePath, limits: ArchiveLimits = ArchiveLimits())
        async throws -> [ArchiveMember]
    { [] }
}
