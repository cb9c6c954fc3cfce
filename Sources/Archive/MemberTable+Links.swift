extension MemberTable {
    /// Throws when a symbolic link leads out of the root, itself or through another one. A link to something that is
    /// not there is harmless and stays.
    func checkLinks() throws {
        for member in sorted where member.kind == .symbolicLink { try check(link: member) }
    }

    /// Walks a link's target as the kernel would, with the members standing for the file system.
    private func check(link: ArchiveMember) throws {
        func refuse(_ reason: String) -> ArchiveError {
            ArchiveError(
                .unsafeLink,
                archive,
                member: link.path,
                "it is a link to \"\(link.linkTarget ?? "")\", which \(reason); pack the file itself instead"
            )
        }
        var place = link.path.split(separator: "/").map(String.init).dropLast()
        var rest = try components(of: link, refuse)
        var expansions = 0
        while let component = rest.popLast() {
            if component == ".." {
                guard place.popLast() != nil else { throw refuse("leaves the root") }
                continue
            }
            place.append(component)
            guard let member = members[place.joined(separator: "/")], member.kind == .symbolicLink else { continue }
            expansions += 1
            guard expansions <= 40 else { throw refuse("goes round in a circle") }
            place.removeLast()
            rest += try components(of: member, refuse)
        }
    }

    /// The target's components, last first.
    private func components(of link: ArchiveMember, _ refuse: (String) -> ArchiveError) throws -> [String] {
        let target = link.linkTarget ?? ""
        guard !target.isEmpty else { throw refuse("is empty") }
        guard !target.hasPrefix("/") else { throw refuse("is absolute") }
        guard !target.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw refuse("holds control characters")
        }
        return target.split(separator: "/").filter { $0 != "." }.map(String.init).reversed()
    }
}
