import ArgumentParser
import JSON
import SystemPackage

/// `packager config …`: what stands in for flags that are not given.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and change the settings that stand in for flags.",
        discussion: """
            A flag goes before a variable of the environment, that before the configuration file, that before the default.

            Examples:
              packager config show
              packager config set url https://packager.example.com
            """,
        subcommands: [ConfigShow.self, ConfigGet.self, ConfigSet.self, ConfigUnset.self, ConfigPath.self],
        aliases: ["conf"]
    )
}

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all settings, and where the value of each comes from.",
        discussion: """
            Examples:
              packager config show
              packager config show -o 'jsonpath=[*].name'
            """,
        aliases: ["all"]
    )

    @Flag(name: .long, help: "Show tokens, too.")
    var showSecrets = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let rows = Setting.all.map { $0.document(showSecrets: showSecrets) }
        print(
            try output.output.render(
                rows,
                columns: [
                    .init("SETTING") { $0["name"]?.stringValue },
                    .init("VALUE") { $0["value"]?.stringValue },
                    .init("FROM") { $0["from"]?.stringValue },
                ]
            )
        )
    }
}

struct ConfigGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show one setting: what it is, its default and its value now.",
        discussion: "Example: packager config get url"
    )

    @Argument(help: "The setting.", completion: .list(Setting.all.map(\.name)))
    var name: String

    @Flag(name: .long, help: "Show a token, too.")
    var showSecrets = false

    func run() async throws {
        let setting = try Setting.required(name)
        let document = setting.document(showSecrets: showSecrets)
        print(
            """
            \(setting.name) - \(setting.summary)
              default: \(setting.defaultValue)
              current: \(document["value"]?.stringValue ?? "")
              from: \(document["from"]?.stringValue ?? "")
              variable: \(setting.variable)
            """
        )
    }
}

struct ConfigSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Write a setting into the configuration file.",
        discussion: "Example: packager config set url https://packager.example.com"
    )

    @Argument(help: "The setting.", completion: .list(Setting.all.map(\.name)))
    var name: String

    @Argument(help: "Its value.")
    var value: String

    func run() async throws {
        let setting = try Setting.required(name)
        try setting.write(value)
        print("\(setting.name) is \(setting.isSecret ? Setting.hidden : value)")
        if setting.environmentValue != nil {
            printError("\(setting.variable) is set in the environment and goes before the file.")
        }
    }
}

struct ConfigUnset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Take a setting out of the configuration file.",
        discussion: "Example: packager config unset index-url"
    )

    @Argument(help: "The setting.", completion: .list(Setting.all.map(\.name)))
    var name: String

    func run() async throws {
        let setting = try Setting.required(name)
        try setting.write(nil)
        print("\(setting.name) is not in the configuration file")
    }
}

struct ConfigPath: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Say where the configuration file is.",
        discussion: "Example: packager config path"
    )

    func run() async throws { print(SettingSources.current.file.path) }
}
