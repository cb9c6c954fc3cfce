import ArgumentParser

struct PackLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Print the log of a packaging.")

    @Option(name: .long, help: "The packaging.")
    var id: String

    @Flag(inversion: .prefixedNo, help: "Go on until the packaging has ended.")
    var follow = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await APIClient(server).printLog(of: id, follow: follow)
    }
}
