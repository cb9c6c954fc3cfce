import ArgumentParser
import JSON

/// `get`: one entity or all of a kind.
struct EntityGet<Kind: EntityKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "get",
            abstract: "Show one \(Kind.noun) or all of them.",
            discussion: """
                Examples:
                  packager \(Kind.command) get
                  packager \(Kind.command) get --id NAME -o yaml
                  packager \(Kind.command) get --id NAME -o '\(Kind.exampleOfJSONPath)'

                Every format but the table is of a list, also for one: a path into it begins with $[0].
                """
        )
    }

    @Option(name: Kind.idNames, help: "Which one; all when it is left out.")
    var id: String?

    @OptionGroup var revealing: Kind.Revealing
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if revealing.decrypted, id == nil {
            throw ValidationError("--decrypted shows one \(Kind.noun): name it with --id")
        }
    }

    func run() async throws {
        let client = try APIClient(server)
        let entities: [JSONValue] =
            if let id {
                [try await client.get(Kind.self, id, decrypted: revealing.decrypted)]
            } else {
                try await client.list(Kind.self)
            }
        if case .table = output.output, entities.isEmpty {
            printError("There are no \(Kind.noun)s at \(client.address.url).")
            return
        }
        print(try output.output.render(entities, columns: Kind.columns))
    }
}

/// Whether secrets are shown.
protocol EntityRevealing: ParsableArguments {
    var decrypted: Bool { get }
}

/// For kinds that have no secrets.
struct NoSecrets: EntityRevealing {
    var decrypted: Bool { false }
}

struct ConnectionSecrets: EntityRevealing {
    @Flag(name: .shortAndLong, help: "With its secrets, in base64 as manifests have them.")
    var decrypted = false
}
