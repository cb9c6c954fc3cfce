import ArgumentParser

/// `packager pack …`: packagings on a server.
struct Pack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: PackagingKind.command,
        abstract: "Create, watch, change and delete packagings on a server.",
        discussion: """
            Examples:
              packager pack create -f pack.yaml
              packager pack logs --id wine
              packager pack get --id wine -o 'jsonpath=$[0].status.results[0].value'
            """,
        subcommands: [
            EntityCreate<PackagingKind>.self, EntityEdit<PackagingKind>.self, EntityGet<PackagingKind>.self,
            PackLogs.self, PackCancel.self, EntityDelete<PackagingKind>.self,
        ]
    )

    @OptionGroup var server: ServerOptions
}
