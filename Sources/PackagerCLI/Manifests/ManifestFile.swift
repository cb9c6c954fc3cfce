import FileSystem
import Glibc
import JSON
import PackagerCore
import SystemPackage
import YAML

/// A file of manifests, YAML (one or several documents) or JSON (one object or a list), each with its `kind`.
struct ManifestFile: Sendable {
    var path: FilePath
    /// As they stand in the file; a list counts as its elements, and an empty document as none.
    var documents: [JSONValue]

    /// - Parameter path: `-` for standard input.
    /// - Throws: ``CommandError`` that names the file.
    init(_ path: FilePath) throws {
        self.path = path
        let bytes: [UInt8]
        do {
            // Not a file's size but what comes: `<(…)` and pipes are files here.
            bytes = try (path == "-" ? "/dev/stdin" : path).readAll(limit: 16 << 20)
        } catch let error as FileSystemError where error.errno == .noSuchFileOrDirectory {
            throw CommandError("Resource file '\(path)' not found; give the manifest with -f FILE")
        }
        do {
            documents = try YAML.documents(in: String(decoding: bytes, as: UTF8.self))
                .flatMap { $0.arrayValue ?? [$0] }
                .filter { $0 != .null }
        } catch {
            throw CommandError("\(path) is not valid JSON or YAML: \(error)")
        }
    }

    /// Every document as a manifest.
    var manifests: [Manifest] {
        get throws { try documents.map { try Manifest($0, in: path) } }
    }

    /// The one manifest of a kind; with several, the one under an id.
    ///
    /// - Parameter id: of several, the one; the only one gets this id in place of its own, as with ODAHU's client.
    /// - Throws: ``CommandError`` that says what the file holds.
    func manifest<Kind: EntityKind>(_ kind: Kind.Type, id: String?) throws -> Manifest {
        let all = try manifests
        let found = all.filter { $0.kind == kind }
        guard !found.isEmpty else {
            let others = Set(all.map { $0.kind.kind }).sorted().joined(separator: ", ")
            throw CommandError("\(path): \(Kind.kind) expected, but \(others.isEmpty ? "nothing" : others) provided")
        }
        if let id {
            if found.count == 1 { return found[0].identified(as: id) }
            if let manifest = found.first(where: { $0.id == id }) { return manifest }
            throw CommandError(
                "\(path) holds no \(Kind.kind) \"\(id)\"; it holds: \(found.map(\.id).joined(separator: ", "))"
            )
        }
        guard found.count == 1 else {
            throw CommandError(
                "'\(path)' should contain 1 \(Kind.kind), but \(found.count) found; choose with --id, or use packager bulk"
            )
        }
        return found[0]
    }
}
