import Archive
import FileSystem
import SystemPackage

/// A model file that is a zip: the names in it, and the few members worth reading.
struct ZipMembers {
    private let path: FilePath
    /// The file's path in the artifact, for errors.
    private let name: String
    /// Without directories, in the zip's order.
    private(set) var names: [String] = []

    /// The most bytes of a member that are read.
    static let memberLimit: Int64 = 32 << 20

    init(_ path: FilePath, name: String) throws {
        self.path = path
        self.name = name
        var found: [String] = []
        try visit { member, _ in if member.kind == .file { found.append(member.path) } }
        names = found
    }

    /// The first member whose name ends so.
    func first(_ suffix: String) -> String? { names.first { $0.hasSuffix(suffix) } }

    /// A member's bytes; nil when there is none of this name, or it is too long to be what it should.
    func bytes(of wanted: String?) throws -> [UInt8]? {
        guard let wanted else { return nil }
        var bytes: [UInt8] = []
        var isThere = false
        try visit { member, content in
            guard member.path == wanted, member.size <= Self.memberLimit else { return }
            isThere = true
            try content { block in
                guard bytes.count + block.count <= Self.memberLimit else { throw Errno.fileTooLarge }
                bytes.append(contentsOf: block)
            }
        }
        return isThere ? bytes : nil
    }

    private func visit(_ body: (ArchiveMember, _ content: ArchiveContent) throws -> Void) throws {
        do {
            try ArchiveExtractor.visitMembers(of: path, body)
        } catch let error as ArchiveError {
            throw ModelError(.damaged, name, "it is a zip, but \(error.reason)")
        } catch Errno.fileTooLarge {
            throw ModelError(.damaged, name, "a member of the zip is longer than it says; save the model again")
        }
    }
}
