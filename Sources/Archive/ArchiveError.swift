import SystemPackage

/// Why an archive (or a directory given as an artifact) was refused.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is something else; the reason names what.
        case notAnArchive
        /// Truncated, a wrong checksum, or a structure that contradicts itself.
        case damaged
        case encrypted
        /// A name that is absolute, holds "..", or is no text.
        case unsafeName
        /// A link that leads out of the root, or a member below a link.
        case unsafeLink
        /// A device node, FIFO or socket.
        case unsupportedType
        case duplicate
        /// More entries, bytes or bytes per packed byte than ``ArchiveLimits`` allow.
        case limit
        case diskFull
        case fileSystem
    }

    package var code: Code
    /// The file or directory that was read, without the path to it.
    package var archive: String
    /// The member concerned, where there is one.
    package var member: String?
    package var reason: String

    init(_ code: Code, _ archive: String, member: String? = nil, _ reason: String) {
        self.code = code
        self.archive = archive
        self.member = member.map(Self.printable)
        self.reason = reason
    }

    package var description: String {
        archive + (member.map { ", member \"\($0)\"" } ?? "") + ": " + reason
    }

    /// A failed system call while reading or unpacking.
    static func system(_ operation: String, _ archive: String, member: String? = nil, _ errno: Errno) -> ArchiveError {
        switch errno {
        case .noSpace, .diskQuotaExceeded:
            ArchiveError(.diskFull, archive, member: member, "the disk is full; free some space and try again")
        default:
            ArchiveError(.fileSystem, archive, member: member, "cannot \(operation): \(errno)")
        }
    }

    /// A name for one line of text: control characters escaped, long ones cut.
    private static func printable(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars.prefix(200) {
            text += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return text.unicodeScalars.count < name.unicodeScalars.count ? text + "…" : text
    }
}
