import FileSystem
import JSON
import PackagerCore
import SystemPackage

/// All manifests that a local run is given, from files and from directories.
struct ManifestCollection: Sendable {
    private(set) var manifests: [Manifest] = []

    /// - Parameters:
    ///   - files: all that is in them has to be in order.
    ///   - directories: every file directly in them is read, and one that holds no manifests of ours is passed over.
    /// - Throws: ``CommandError``, also for an entity that is there twice.
    init(files: [FilePath], directories: [FilePath]) throws {
        for file in files {
            for manifest in try ManifestFile(file).manifests { try add(manifest) }
        }
        for directory in directories {
            guard directory.isDirectory else { throw CommandError("there is no directory \(directory)") }
            for name in try directory.entries() {
                let path = directory.appending(name)
                guard (try? FileIdentity(of: path))?.isRegularFile == true, Self.endings.contains(path.extension ?? "")
                else { continue }
                guard let file = try? ManifestFile(path) else { continue }
                for document in file.documents where EntityKinds.named(document["kind"]?.stringValue ?? "") != nil {
                    try add(Manifest(document, in: path))
                }
            }
        }
    }

    private static let endings: Set<String> = ["yaml", "yml", "json"]

    private mutating func add(_ manifest: Manifest) throws {
        if let other = manifests.first(where: { $0.kind == manifest.kind && $0.id == manifest.id }) {
            throw CommandError("\(manifest.name) is both in \(other.file) and in \(manifest.file); leave one out")
        }
        manifests.append(manifest)
    }

    /// The manifest of an entity; nil where there is none.
    func find<Kind: EntityKind>(_ kind: Kind.Type, _ id: String) -> Manifest? {
        manifests.first { $0.kind == kind && $0.id == id }
    }

    func entities<Kind: EntityKind>(_ kind: Kind.Type) throws -> [Kind.Entity] {
        try manifests.filter { $0.kind == kind }.map { try $0.document.decode() }
    }

    /// The ids of a kind.
    func ids<Kind: EntityKind>(_ kind: Kind.Type) -> [String] { manifests.filter { $0.kind == kind }.map(\.id) }
}
