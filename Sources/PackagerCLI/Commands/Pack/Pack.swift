import ArgumentParser

/// `packager pack …`: packagings on a server.
struct Pack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Create, watch and delete packagings on a server.",
        subcommands: [PackCreate.self, PackGet.self, PackLogs.self, PackDelete.self]
    )
}
