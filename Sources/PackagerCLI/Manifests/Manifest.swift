import JSON
import PackagerCore
import SystemPackage

/// One document of a manifest file, checked as far as that needs no server.
struct Manifest: Sendable {
    var kind: any EntityKind.Type
    var id: String
    var document: JSONValue
    var file: FilePath

    /// - Throws: ``CommandError`` in ODAHU's words, with what to do.
    init(_ document: JSONValue, in file: FilePath) throws {
        guard case .object(let members) = document else {
            throw CommandError("\(file): Invalid resource: \(document.kind) in place of an object with a \"kind\"")
        }
        guard let named = members["kind"], named != .null else {
            let id = members["id"]?.stringValue.map { " \"\($0)\"" } ?? ""
            throw CommandError(
                "\(file): Kind of object\(id) must be not null; add for example \"kind: ModelPackaging\""
            )
        }
        let kind = try Self.kind(named, in: file)
        self.kind = kind
        self.document = document
        self.file = file
        try kind.spelling.check(document, file)
        do {
            try Self.decode(document, as: kind)
        } catch let error as DecodingError {
            throw CommandError("\(file): \(error.explanation(in: document))")
        }
        switch members["id"] {
        case .string(let text): id = text
        case .integer(let number): id = "\(number)"
        default: id = ""
        }
    }

    private static func kind(_ value: JSONValue, in file: FilePath) throws -> any EntityKind.Type {
        let name = value.stringValue ?? value.kind
        if let kind = EntityKinds.named(name) { return kind }
        if EntityKinds.foreign.contains(name) {
            throw CommandError(
                "\(file): \(name) is a kind of ODAHU's that Packager does not have, it only packages; leave the document out, or send it to ODAHU"
            )
        }
        let known = EntityKinds.all.map { $0.kind }
        let hint = Spelling.hint(for: name, among: known)
        throw CommandError(
            "\(file): Unknown kind of object: '\(name)'\(hint.isEmpty ? "; there is \(known.joined(separator: ", "))" : hint)"
        )
    }

    private static func decode<Kind: EntityKind>(_ document: JSONValue, as kind: Kind.Type) throws {
        _ = try document.decode(as: Kind.Entity.self)
    }

    /// The document under another id.
    func identified(as id: String) -> Manifest {
        var manifest = self
        var members = document.objectValue ?? [:]
        members["id"] = .string(id)
        manifest.document = .object(members)
        manifest.id = id
        return manifest
    }

    /// `ModelPackaging wine`, as reports call it.
    var name: String { "\(kind.kind) \(id)" }
}
