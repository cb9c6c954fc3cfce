import ArgumentParser

/// Writes the documents that follow from the commands: `docs/commands.md` and `docs/packager.1`.
struct ReferenceCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, man }

    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print the reference of all commands, as Markdown or as a manual page.",
        discussion: """
            Examples:
              packager reference man > /usr/local/share/man/man1/packager.1
              packager reference markdown > docs/commands.md
            """
    )

    @Argument(help: "markdown or man.")
    var format: Format

    func run() throws { print(try Self.text(format), terminator: "") }

    static func text(_ format: Format) throws -> String {
        let root = try CommandDescription.tree()
        return switch format {
        case .markdown: MarkdownReference(root: root).text
        case .man: ManualPage(root: root, version: PackagerCommand.configuration.version).text
        }
    }
}
