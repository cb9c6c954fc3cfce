/// What an archive or directory has shown so far: every path once, each below directories only.
struct MemberTable {
    private(set) var members: [String: ArchiveMember] = [:]
    private var budget: ArchiveBudget
    var archive: String { budget.archive }
    var limits: ArchiveLimits { budget.limits }

    init(budget: ArchiveBudget) { self.budget = budget }

    /// Enters a member, and the directories above it that had no entry of their own.
    ///
    /// Two paths that Unicode holds for equal count as one name, as they do for every `String` further on. A directory
    /// may be named again.
    /// - Returns: the directories that are new, outermost first, the member itself included when it is one.
    mutating func add(_ member: ArchiveMember) throws -> [String] {
        var created: [String] = []
        for directory in parents(of: member.path) {
            switch members[directory]?.kind {
            case .directory: continue
            case nil:
                try enter(ArchiveMember(path: directory, kind: .directory))
                created.append(directory)
            case .symbolicLink:
                throw ArchiveError(
                    .unsafeLink,
                    archive,
                    member: member.path,
                    "it lies below the link \"\(directory)\"; pack it at its real path"
                )
            case .file:
                throw ArchiveError(
                    .duplicate,
                    archive,
                    member: member.path,
                    "\"\(directory)\" is a file and a directory at once"
                )
            }
        }
        if let known = members[member.path] {
            guard known.kind == .directory, member.kind == .directory else {
                throw ArchiveError(
                    .duplicate,
                    archive,
                    member: member.path,
                    "the name is there twice; pack it again with each name once"
                )
            }
            return created
        }
        try enter(member)
        return member.kind == .directory ? created + [member.path] : created
    }

    /// Counts a file's bytes and keeps its size.
    mutating func setSize(_ size: Int64, of path: String) throws {
        try budget.add(bytes: size)
        members[path]?.size = size
    }

    /// Throws when the file that is being read would be too large with so many bytes.
    func check(size: Int64) throws { try budget.check(adding: size) }

    /// By the bytes of their paths.
    var sorted: [ArchiveMember] { members.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) } }

    private mutating func enter(_ member: ArchiveMember) throws {
        try budget.addEntry()
        members[member.path] = member
    }

    private func parents(of path: String) -> [String] {
        path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }
}
