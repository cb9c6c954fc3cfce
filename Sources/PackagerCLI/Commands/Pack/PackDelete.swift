import ArgumentParser

struct PackDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a packaging; one that runs is cancelled. Its image stays."
    )

    @Option(name: .long, help: "The packaging.")
    var id: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        print(try await APIClient(server).deletePackaging(id))
    }
}
