import FileSystem
import FoundationEssentials
import GRDB
import OCI
import SystemPackage

/// An artifact's versions, as the database and the disk have them at one moment.
///
/// What is uploaded is at `.versions/NUMBER/NAME` below the store's directory and stays there. What somebody puts at
/// `NAME` by hand is a version, too: the newest, and the default, when it is first seen.
struct ArtifactVersions: Sendable {
    struct Version: Sendable {
        var number: Int
        /// Below the store's directory.
        var path: String
        var identity: FileIdentity
        /// This and what follows is forgotten when the file becomes another one.
        var digest: Digest?
        var created: Date
        var description: String?
        var kind: String?
        /// Whether the database has it.
        var isNoted: Bool
    }

    let name: String
    /// In the order of their numbers; there is one at least.
    let all: [Version]
    let defaultNumber: Int
    /// The highest that was ever given: a number means the same bytes for as long as the artifact is there.
    let lastNumber: Int

    /// Nil when there is no such artifact.
    init?(_ name: String, in directory: FilePath, _ database: Database) throws {
        let known = try Row.fetchOne(database, sql: "SELECT * FROM artifact WHERE name = ?", arguments: [name])
        let rows =
            known == nil
            ? []
            : try Row.fetchAll(
                database,
                sql: "SELECT * FROM artifactVersion WHERE name = ? ORDER BY version",
                arguments: [name]
            )
        var all = try rows.compactMap { try Version($0, in: directory) }
        var last: Int = known?["lastVersion"] ?? 0
        var preferred: Int? = known?["defaultVersion"]
        let isPlainNoted = rows.contains { $0["path"] == name }
        if !isPlainNoted, let identity = Self.identity(of: directory.appending(name)) {
            last += 1
            preferred = last
            all.append(Version(byHand: name, number: last, identity))
        }
        guard let newest = all.last else { return nil }
        self.name = name
        self.all = all
        lastNumber = last
        defaultNumber = all.contains { $0.number == preferred } ? preferred ?? newest.number : newest.number
    }

    subscript(number: Int) -> Version? { all.first { $0.number == number } }

    /// The version of a number, or the default one.
    ///
    /// - Throws: ``ServiceError`` `notFound`.
    func version(_ number: Int?) throws -> Version {
        if let version = self[number ?? defaultNumber] { return version }
        let numbers = all.map { "\($0.number)" }.joined(separator: ", ")
        throw ServiceError(
            .notFound,
            "artifact \"\(name)\" has no version \(number ?? defaultNumber) (it has \(numbers))"
        )
    }

    func info(_ version: Version, in directory: FilePath) -> ArtifactInfo {
        ArtifactInfo(
            name: name,
            version: version.number,
            versions: all.map(\.number),
            defaultVersion: defaultNumber,
            path: directory.pushing(FilePath(version.path)),
            size: version.identity.isDirectory ? nil : version.identity.size,
            digest: version.digest,
            createdAt: version.created,
            description: version.description,
            kind: version.kind
        )
    }

    /// Nil where there is nothing, or something that is no artifact.
    fileprivate static func identity(of path: FilePath) -> FileIdentity? {
        guard let identity = try? FileIdentity(of: path), identity.isDirectory || identity.isRegularFile else {
            return nil
        }
        return identity
    }
}

extension ArtifactVersions.Version {
    fileprivate init?(_ row: Row, in directory: FilePath) throws {
        let path: String = row["path"]
        guard let identity = ArtifactVersions.identity(of: directory.pushing(FilePath(path))) else { return nil }
        self.init(
            number: row["version"],
            path: path,
            identity: identity,
            created: identity.modificationDate,
            isNoted: true
        )
        guard try decodeText(row["identity"], as: FileIdentity.self) == identity else { return }
        let text: String? = row["digest"]
        digest = text.flatMap { Digest($0) }
        created = RFC3339.parse(row["created"]) ?? created
        description = row["description"]
        kind = row["kind"]
    }

    fileprivate init(byHand name: String, number: Int, _ identity: FileIdentity) {
        self.init(
            number: number,
            path: name,
            identity: identity,
            created: identity.modificationDate,
            isNoted: false
        )
    }
}

extension FileIdentity {
    fileprivate var modificationDate: Date { Date(timeIntervalSince1970: Double(modified / 1_000_000) / 1000) }
}
