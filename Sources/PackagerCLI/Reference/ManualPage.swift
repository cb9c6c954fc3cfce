/// All commands and settings as a manual page. Source: man(7).
struct ManualPage {
    var root: CommandDescription
    var version: String

    var text: String {
        var lines = [
            ".TH PACKAGER 1 \"\" \"packager \(version)\" \"User Commands\"",
            ".SH NAME", "packager \\- \(Self.escaped(Self.phrase(root.abstract ?? "")))",
            ".SH SYNOPSIS", "\\fBpackager\\fR \\fIcommand\\fR [\\fIoptions\\fR]",
            ".SH DESCRIPTION",
        ]
        lines += Self.prose(root.discussion ?? "")
        lines.append(".SH COMMANDS")
        for command in root.displayedSubcommands.flatMap(\.flattened) where command.displayedSubcommands.isEmpty {
            lines += section(command)
        }
        lines.append(".SH SETTINGS")
        lines.append("A flag goes before its variable, that before the configuration file, that before the default.")
        for setting in Setting.all {
            let byDefault = setting.defaultValue.isEmpty ? "" : " Default: \(setting.defaultValue)."
            lines += [
                ".TP", "\\fB\(Self.escaped(setting.name))\\fR, \\fB\(Self.escaped(setting.variable))\\fR",
                Self.escaped(setting.summary + byDefault),
            ]
        }
        lines += [
            ".SH FILES", ".TP", "\\fI~/.config/packager/config.toml\\fR",
            "The configuration file; \\fBPACKAGER_CONFIG\\fR and \\fBXDG_CONFIG_HOME\\fR say where else it is.",
            ".SH EXIT STATUS", "0: it worked. 1: it failed. 2: the command line is wrong. 130: it was interrupted.",
        ]
        return lines.map { $0 + "\n" }.joined()
    }

    private func section(_ command: CommandDescription) -> [String] {
        var lines = [".SS \(Self.escaped(command.usage))", Self.escaped(command.abstract ?? "")]
        lines += Self.prose(command.discussion ?? "")
        for argument in command.displayedArguments {
            lines += [".TP", "\\fB\(Self.escaped(argument.usage))\\fR", Self.escaped(argument.help)]
        }
        return lines
    }

    /// Paragraphs, and indented lines as they stand.
    private static func prose(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        var lines = [".PP"]
        var isInExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isExample = line.hasPrefix("  ")
            if isExample != isInExample {
                lines.append(isExample ? ".nf" : ".fi")
                isInExample = isExample
            }
            lines.append(line.isEmpty ? ".PP" : escaped(String(line)))
        }
        if isInExample { lines.append(".fi") }
        return lines
    }

    /// The abstract as the words after a name: no capital, no full stop.
    private static func phrase(_ text: String) -> String {
        (text.first.map { $0.lowercased() } ?? "") + text.dropFirst().prefix { $0 != "." }
    }

    /// Text that roff takes for nothing but text.
    private static func escaped(_ text: String) -> String {
        let escaped = text.map { character -> String in
            switch character {
            case "\\": "\\e"
            case "-": "\\-"
            case "\n": " "
            default: String(character)
            }
        }.joined()
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
