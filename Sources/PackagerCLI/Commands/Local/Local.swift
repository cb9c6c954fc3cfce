import ArgumentParser

/// `packager local …`: the server's jobs in this process.
struct Local: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Package without a server.",
        discussion: "Example: packager local pack run --id wine -f pack.yaml",
        subcommands: [LocalPack.self]
    )
}

struct LocalPack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Run packagings in this process.",
        discussion: "Example: packager local pack run --id wine -d manifests",
        subcommands: [LocalPackRun.self]
    )

    @OptionGroup var server: ServerOptions
}
