import ArgumentParser
import JSON
import SystemPackage

/// `delete`: an entity by its id, or the one that a manifest describes.
struct EntityDelete<Kind: EntityKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete",
            abstract: Kind.self == PackagingKind.self
                ? "Delete a packaging; one that runs is cancelled. Its image stays." : "Delete a \(Kind.noun).",
            discussion: """
                Examples:
                  packager \(Kind.command) delete --id NAME
                  packager \(Kind.command) delete -f \(Kind.exampleFile) --ignore-not-found
                """
        )
    }

    @OptionGroup var choice: EntityChoice<Kind>

    @Flag(name: .long, help: "One that is not there is a success, too.")
    var ignoreNotFound = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let id = try choice.chosen()
        do {
            print(try await APIClient(server).delete(Kind.self, id))
        } catch let error as APIError where error.status == 404 && ignoreNotFound {
            print("\(Kind.kind) \(id) was not found. Ignore")
        }
    }
}
