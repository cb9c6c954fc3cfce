import ArgumentParser

/// `packager local …`: the server's jobs in this process.
struct Local: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Package without a server.",
        subcommands: [LocalPack.self]
    )
}

struct LocalPack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Run packagings in this process.",
        subcommands: [LocalPackRun.self]
    )

    @OptionGroup var server: ServerOptions
}
