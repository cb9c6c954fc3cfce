import ArgumentParser
import JSON
import SystemPackage

/// `create`: a manifest becomes an entity that is not there yet.
struct EntityCreate<Kind: EntityKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "create",
            abstract: "Create a \(Kind.noun) from a manifest.",
            discussion: """
                Example: packager \(Kind.command) create -f \(Kind.exampleFile)

                One that is there already is an error; change it with: packager \(Kind.command) edit
                """
        )
    }

    @OptionGroup var manifest: ManifestOptions<Kind>

    @Flag(name: .long, help: "Leave one that is there already as it is; that is a success then.")
    var ignoreIfExists = false

    @OptionGroup var followUp: Kind.FollowUp
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let manifest = followUp.complete(try manifest.read())
        let client = try APIClient(server)
        if followUp.isDryRun { return try followUp.show(preview: await client.preview(manifest, isNew: true)) }
        let entity: JSONValue
        do {
            entity = try await client.create(manifest)
        } catch let error as APIError where error.status == 409 {
            if ignoreIfExists {
                printError("\(manifest.name) already exists. Ignore")
                return
            }
            throw CommandError(
                "\(error); change it with packager \(Kind.command) edit, or leave it with --ignore-if-exists"
            )
        }
        try await followUp.run(entity, of: manifest, isNew: true, client)
    }
}
