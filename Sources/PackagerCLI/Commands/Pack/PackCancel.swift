import ArgumentParser
import JSON

struct PackCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a packaging that waits or runs; it stays, with its log.",
        discussion: "Example: packager pack cancel --id wine"
    )

    @OptionGroup var choice: EntityChoice<PackagingKind>
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let id = try choice.chosen()
        let answer = try await APIClient(server).cancel(id)
        print(answer["message"]?.stringValue ?? "Packaging \(id) is cancelled")
    }
}
