/// All commands and settings as a Markdown document.
struct MarkdownReference {
    var root: CommandDescription

    var text: String {
        """
        # Commands

        `packager COMMAND --help` says the same. This document is made by `packager reference markdown`; a test holds it to \
        the commands.

        | command | what |
        | --- | --- |
        \(root.displayedSubcommands.map { "| [`\(names(of: $0))`](#\(anchor(of: $0))) | \($0.abstract ?? "") |" }.lines)

        \(root.displayedSubcommands.flatMap(\.flattened).map(section).joined(separator: "\n\n"))

        ## Settings

        A flag goes before its variable, the variable before the configuration file, the file before the default. The file is \
        `$PACKAGER_CONFIG`, or else `packager/config.toml` in `$XDG_CONFIG_HOME` or `~/.config`: a TOML file with a line for \
        each setting, which only its owner can read. `packager config show` says where each value comes from.

        | setting | variable | default | what |
        | --- | --- | --- | --- |
        \(Setting.all.map { "| `\($0.name)` | `\($0.variable)` | \($0.defaultValue.isEmpty ? "" : "`\($0.defaultValue)`") | \($0.summary) |" }.lines)

        Besides: `NO_COLOR` turns colors off, `SOURCE_DATE_EPOCH` sets the time of files and images, `DOCKER_CONFIG` says where \
        Docker's credentials are, and `http_proxy`, `https_proxy` and `no_proxy` are minded.

        ## Exit codes

        | code | what |
        | --- | --- |
        | 0 | it worked |
        | 1 | it failed; standard error says why and what to do |
        | 2 | the command line is wrong |
        | 130 | it was interrupted |

        """
    }

    private func names(of command: CommandDescription) -> String {
        ([command.commandName] + (command.aliases ?? [])).joined(separator: ", ")
    }

    private func anchor(of command: CommandDescription) -> String {
        String(command.path.map { $0 == " " ? "-" : $0 })
    }

    private func section(_ command: CommandDescription) -> String {
        let depth = min(4, command.superCommands?.count ?? 0) + 1
        var parts = ["\(String(repeating: "#", count: depth)) \(command.path)", command.abstract ?? ""]
        if command.displayedSubcommands.isEmpty { parts.append("    \(command.usage)") }
        if let discussion = command.discussion, !discussion.isEmpty { parts.append(Self.prose(discussion)) }
        let arguments = command.displayedSubcommands.isEmpty ? command.displayedArguments : []
        if !arguments.isEmpty {
            let rows = arguments.map { "| `\($0.usage)` | \(Self.cell($0.help)) |" }
            parts.append("| | |\n| --- | --- |\n" + rows.lines)
        }
        return parts.joined(separator: "\n\n")
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: " ").split(separator: "|", omittingEmptySubsequences: false)
            .joined(separator: "\\|")
    }

    /// Indented lines are examples, and need an empty line before them and more indentation to be shown as such.
    private static func prose(_ text: String) -> String {
        var lines: [String] = []
        var isInExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isExample = line.hasPrefix("  ")
            if isExample, !isInExample, lines.last != "" { lines.append("") }
            lines.append(isExample ? "  " + line : String(line))
            isInExample = isExample
        }
        return lines.lines
    }
}

extension [String] {
    fileprivate var lines: String { joined(separator: "\n") }
}
