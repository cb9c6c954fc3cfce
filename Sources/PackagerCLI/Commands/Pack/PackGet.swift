import ArgumentParser
import JSON

struct PackGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show one packaging or all of them.",
        discussion: "Example: packager pack get --id wine -o 'jsonpath=$[0].status.results[0].value'"
    )

    @Option(name: .long, help: "The packaging; all when it is left out.")
    var id: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try APIClient(server)
        let entities: [JSONValue] =
            if let id { [try await client.packaging(id)] } else { try await client.packagings() }
        print(try output.output.render(entities, columns: Self.columns))
    }

    private static var columns: [Table.Column] {
        [
            .init("ID") { $0["id"]?.stringValue },
            .init("STATE") { $0["status"]?["state"]?.stringValue },
            .init("INTEGRATION") { $0["spec"]?["integrationName"]?.stringValue },
            .init("ARTIFACT") { $0["spec"]?["artifactName"]?.stringValue },
            .init("IMAGE") { entity in
                entity["status"]?["results"]?.arrayValue?.first { $0["name"] == "image" }?["value"]?.stringValue
            },
            .init("UPDATED") { $0["updatedAt"]?.stringValue },
        ]
    }
}
