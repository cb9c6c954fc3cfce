import FileSystem
import JSON
import PackagerCore
import SystemPackage
import YAML

/// A file of manifests, YAML (one or several documents) or JSON (one object or a list), each with its `kind`.
struct ManifestFile {
    var packagings: [ModelPackaging] = []
    var integrations: [PackagingIntegration] = []
    var connections: [WireConnection] = []

    /// - Throws: ``CommandError`` that names the file and the document.
    init(_ path: FilePath) throws {
        let bytes: [UInt8]
        do {
            bytes = try path.readAll(limit: 16 << 20)
        } catch let error as FileSystemError where error.errno == .noSuchFileOrDirectory {
            throw CommandError("there is no file \(path); give the manifest with -f FILE")
        }
        let documents: [JSONValue]
        do {
            documents = try YAML.documents(in: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw CommandError("\(path) is not valid YAML or JSON: \(error)")
        }
        for document in documents.flatMap({ $0.arrayValue ?? [$0] }) where document != .null {
            try add(document, from: path)
        }
    }

    private mutating func add(_ document: JSONValue, from path: FilePath) throws {
        do {
            switch document["kind"]?.stringValue {
            case "ModelPackaging":
                try ManifestSpelling.modelPackaging.check(document, path)
                packagings.append(try document.decode())
            case "PackagingIntegration":
                try ManifestSpelling.packagingIntegration.check(document, path)
                integrations.append(try document.decode())
            case "Connection":
                try ManifestSpelling.connection.check(document, path)
                connections.append(try document.decode())
            case let kind?:
                throw CommandError(
                    "\(path): unknown kind \"\(kind)\"; known are ModelPackaging, PackagingIntegration and Connection"
                )
            case nil:
                throw CommandError("\(path): a document has no \"kind\"; add for example \"kind: ModelPackaging\"")
            }
        } catch let error as DecodingError {
            throw CommandError("\(path): \(error.explanation(in: document))")
        }
    }

    /// The one packaging of a file; with several, the one under an id.
    func packaging(id: String?, in path: FilePath) throws -> ModelPackaging {
        if let id {
            if let packaging = packagings.first(where: { $0.id == id }) { return packaging }
            if packagings.count == 1, var packaging = packagings.first, packaging.id.isEmpty {
                packaging.id = id
                return packaging
            }
            throw CommandError(
                "\(path) holds no ModelPackaging \"\(id)\"; it holds: \(packagings.map(\.id).joined(separator: ", "))"
            )
        }
        guard packagings.count == 1, let packaging = packagings.first else {
            throw CommandError("\(path) holds \(packagings.count) ModelPackagings, one is expected; choose with --id")
        }
        return packaging
    }
}
