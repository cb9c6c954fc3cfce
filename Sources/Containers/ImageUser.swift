/// Whom an image's programs run as, in numbers.
struct ImageUser: Sendable, Hashable {
    var user: UInt32 = 0
    var group: UInt32 = 0
    /// Besides ``group``.
    var additionalGroups: [UInt32] = []

    static let root = ImageUser()

    /// Whether the numbers cannot be told without the image's own files.
    static func needsFiles(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return !text.isEmpty && text != "0" && text != "0:0"
            && !(parts.count == 2 && parts.allSatisfy { UInt32($0) != nil })
    }

    /// - Parameters:
    ///   - text: `USER[:GROUP]`, by name or number; "" for root. Source: OCI image specification, "Image Configuration",
    ///     `User`.
    ///   - users: the image's `/etc/passwd`.
    ///   - groups: the image's `/etc/group`.
    /// - Throws: ``ContainerError`` `invalidImage` for a name that the image does not know.
    init(_ text: String, users: String = "", groups: String = "") throws {
        guard !text.isEmpty else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let (userRows, groupRows) = (Self.rows(of: users), Self.rows(of: groups))
        let row = userRows.first { $0.count > 3 && ($0[0] == parts[0] || $0[2] == parts[0]) }
        guard let number = UInt32(parts[0]) ?? row.flatMap({ UInt32($0[2]) }) else {
            throw ContainerError(
                .invalidImage,
                "the image runs as \"\(text.prefix(80))\", a user that it does not know"
            )
        }
        user = number
        if parts.count == 2, !parts[1].isEmpty {
            let row = groupRows.first { $0.count > 2 && $0[0] == parts[1] }
            guard let number = UInt32(parts[1]) ?? row.flatMap({ UInt32($0[2]) }) else {
                throw ContainerError(
                    .invalidImage,
                    "the image runs as \"\(text.prefix(80))\", a group that it does not know"
                )
            }
            group = number
        } else {
            group = row.flatMap { UInt32($0[3]) } ?? 0
            guard let name = row?[0] else { return }
            additionalGroups = groupRows.compactMap { row in
                guard row.count > 3, row[3].split(separator: ",").contains(name) else { return nil }
                return UInt32(row[2])
            }
        }
    }

    private init() {}

    private static func rows(of text: String) -> [[Substring]] {
        text.split(whereSeparator: \.isNewline).prefix(10_000)
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
    }
}
