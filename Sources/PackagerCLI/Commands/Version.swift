import ArgumentParser

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: "Example: packager version"
    )

    func run() throws { print("packager \(PackagerCommand.configuration.version)") }
}
