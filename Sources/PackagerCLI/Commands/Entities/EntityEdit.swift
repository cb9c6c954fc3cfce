import ArgumentParser
import JSON
import SystemPackage

/// `edit`: a manifest replaces an entity that is there.
struct EntityEdit<Kind: EntityKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "edit",
            abstract: Kind.self == PackagingKind.self
                ? "Change a packaging to what a manifest says, and run it again."
                : "Change a \(Kind.noun) to what a manifest says.",
            discussion: "Example: packager \(Kind.command) edit -f \(Kind.exampleFile)"
        )
    }

    @OptionGroup var manifest: ManifestOptions<Kind>
    @OptionGroup var followUp: Kind.FollowUp
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let manifest = followUp.complete(try manifest.read())
        let client = try APIClient(server)
        if followUp.isDryRun { return try followUp.show(preview: await client.preview(manifest, isNew: false)) }
        let entity: JSONValue
        do {
            entity = try await client.update(manifest)
        } catch let error as APIError where error.status == 404 {
            throw CommandError("\(error); create it with packager \(Kind.command) create")
        }
        try await followUp.run(entity, of: manifest, isNew: false, client)
    }
}
