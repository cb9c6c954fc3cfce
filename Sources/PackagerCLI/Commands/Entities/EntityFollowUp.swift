import ArgumentParser
import JSON

/// What a command does once the server has taken an entity, and the options of it.
protocol EntityFollowUp: ParsableArguments {
    /// Whether nothing is to be changed.
    var isDryRun: Bool { get }
    /// Prints what would come of it.
    func show(preview: JSONValue) throws
    /// Puts what the options say into the document.
    func complete(_ manifest: Manifest) -> Manifest
    /// - Parameters:
    ///   - entity: as the server has answered it.
    ///   - isNew: whether it was created, not changed.
    func run(_ entity: JSONValue, of manifest: Manifest, isNew: Bool, _ client: APIClient) async throws
}

extension EntityFollowUp {
    var isDryRun: Bool { false }
    func show(preview: JSONValue) throws {}
}

/// Prints the entity.
struct EntityReport: EntityFollowUp {
    @OptionGroup var output: OptionalOutputOptions

    func complete(_ manifest: Manifest) -> Manifest { manifest }

    func run(_ entity: JSONValue, of manifest: Manifest, isNew: Bool, _ client: APIClient) async throws {
        guard let format = output.output else {
            print("\(manifest.name) was \(isNew ? "created" : "changed")")
            return
        }
        let entity = entity.with("kind", .string(manifest.kind.kind))
        print(try format.render([entity], columns: manifest.kind.columns))
    }
}
