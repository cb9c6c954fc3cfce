import Logging

/// What happens where packages have the same path.
enum PackageCollisions {
    /// Files of one name are Conda's own habit: the package with the later name has it. A file where another package has a
    /// directory would take that one's files away.
    static func check(
        _ packages: [CondaLock.Package],
        _ contents: [String: InstalledPackage],
        _ logger: Logger
    ) throws {
        var owners: [String: String] = [:]
        for package in packages {
            for entry in contents[package.name]?.entries ?? [] where entry.isContent {
                guard let other = owners.updateValue(package.name, forKey: entry.path) else { continue }
                logger.notice(
                    "\(other) and \(package.name) both bring \(entry.path): the image has that of \(package.name)"
                )
            }
        }
        var checked: Set<Substring> = []
        for (path, owner) in owners.sorted(by: { $0.key < $1.key }) {
            var rest = path[...]
            while let slash = rest.lastIndex(of: "/") {
                rest = rest[..<slash]
                guard checked.insert(rest).inserted else { break }
                guard let other = owners[String(rest)] else { continue }
                throw CondaError(
                    .fileCollision,
                    "the Conda package \(other) has a file \(rest), and \(owner) files below it; take other versions"
                )
            }
        }
    }
}

extension InstalledPackage.Entry {
    /// Whether it is more than a directory.
    fileprivate var isContent: Bool { source != nil || target != nil || text != nil }
}
