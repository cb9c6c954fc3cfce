import ArgumentParser
import SystemPackage

/// The manifest that a command sends.
struct ManifestOptions<Kind: EntityKind>: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The manifest, YAML or JSON; - for standard input.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: String

    @Option(name: Kind.idNames, help: "Which one of the file's; if it holds one, the id to give it.")
    var id: String?

    func read() throws -> Manifest { try ManifestFile(FilePath(file)).manifest(Kind.self, id: id) }
}

/// An entity by its id or by its manifest: one of both.
struct EntityChoice<Kind: EntityKind>: ParsableArguments {
    @Option(name: Kind.idNames, help: "Which one.")
    var id: String?

    @Option(
        name: .shortAndLong,
        help: "The manifest that says which one.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: String?

    func validate() throws {
        if id == nil, file == nil { throw ValidationError("say which \(Kind.noun): --id ID or -f FILE") }
        if id != nil, file != nil { throw ValidationError("give --id or -f, not both: they may name different ones") }
    }

    func chosen() throws -> String {
        if let id { return id }
        return try ManifestFile(FilePath(file ?? "")).manifest(Kind.self, id: nil).id
    }
}
