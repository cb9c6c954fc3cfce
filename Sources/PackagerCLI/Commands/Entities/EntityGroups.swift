import ArgumentParser

/// `packager packaging-integration …`: the ways to package that a server knows.
struct IntegrationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: IntegrationKind.command,
        abstract: "Show, create, change and delete packaging integrations on a server.",
        discussion: """
            Examples:
              packager pi get
              packager pi get --id docker-rest -o yaml
            """,
        subcommands: [
            EntityGet<IntegrationKind>.self, EntityCreate<IntegrationKind>.self, EntityEdit<IntegrationKind>.self,
            EntityDelete<IntegrationKind>.self,
        ],
        aliases: IntegrationKind.aliases
    )

    @OptionGroup var server: ServerOptions
}

/// `packager connection …`: registries and stores, and the credentials for them.
struct ConnectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ConnectionKind.command,
        abstract: "Show, create, change and delete connections on a server.",
        discussion: """
            Examples:
              packager template generate --name docker_connection > connection.yaml
              packager conn create -f connection.yaml
              packager conn get
            """,
        subcommands: [
            EntityGet<ConnectionKind>.self, EntityCreate<ConnectionKind>.self, EntityEdit<ConnectionKind>.self,
            EntityDelete<ConnectionKind>.self,
        ],
        aliases: ConnectionKind.aliases
    )

    @OptionGroup var server: ServerOptions
}
