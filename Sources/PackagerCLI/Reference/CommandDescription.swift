import ArgumentParser
import FoundationEssentials

/// A command as its parser describes it, for documents that follow from the commands.
struct CommandDescription: Decodable, Sendable {
    struct Name: Decodable, Sendable {
        var kind: String
        var name: String

        /// `-o`, `--output`
        var text: String { (kind == "long" ? "--" : "-") + name }
    }

    struct Argument: Decodable, Sendable {
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?

        /// Whether this is `--no-wait` beside `--wait`.
        func isOpposite(of other: Argument) -> Bool {
            guard kind == "flag", other.kind == "flag", let name = names?.first, let others = other.names?.last else {
                return false
            }
            return name.name == "no-" + others.name
        }

        /// `-f, --file FILE`
        var usage: String {
            let value = "<\(valueName ?? "value")>"
            guard kind != "positional" else { return isRepeating ? value + " ..." : value }
            let names = (names ?? []).sorted { $0.text.count < $1.text.count }.map(\.text).joined(separator: ", ")
            return kind == "flag" ? names : "\(names) \(value)"
        }

        var help: String {
            // The parser's own default for values, and what the text says already.
            guard let defaultValue, kind == "option", abstract?.contains("efault") != true else {
                return abstract ?? ""
            }
            return "\(abstract ?? "") Default: \(defaultValue)."
        }
    }

    var commandName: String
    var abstract: String?
    var discussion: String?
    var aliases: [String]?
    var shouldDisplay: Bool?
    var superCommands: [String]?
    private var subcommands: [CommandDescription]?
    private var arguments: [Argument]?

    /// Those a person is shown.
    var displayedSubcommands: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// A flag and its opposite, which the parser describes apart, are one.
    var displayedArguments: [Argument] {
        let shown = (arguments ?? []).filter { argument in
            argument.shouldDisplay && !["help", "version"].contains(argument.names?.last?.name)
        }
        return shown.reduce(into: []) { all, argument in
            if let last = all.last, argument.isOpposite(of: last) {
                all[all.count - 1].names? += argument.names ?? []
            } else {
                all.append(argument)
            }
        }
    }

    /// `packager pack create`
    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// The command, then everything below it.
    var flattened: [CommandDescription] { [self] + displayedSubcommands.flatMap(\.flattened) }

    /// `packager pack get [<options>]`
    var usage: String {
        let arguments = displayedArguments
        let required = arguments.filter { $0.kind == "option" && !$0.isOptional }.map(\.usage)
        let positional = arguments.filter { $0.kind == "positional" }.map { $0.isOptional ? "[\($0.usage)]" : $0.usage }
        let hasOptions = arguments.contains { $0.kind != "positional" && $0.isOptional }
        let parts = [path] + positional + required + (hasOptions ? ["[options]"] : [])
        return (parts + (displayedSubcommands.isEmpty ? [] : ["<command>"])).joined(separator: " ")
    }

    /// The whole tree of `packager`.
    static func tree() throws -> CommandDescription {
        struct Tool: Decodable { var command: CommandDescription }
        return try JSONDecoder().decode(Tool.self, from: Data(PackagerCommand._dumpHelp().utf8)).command
    }
}
