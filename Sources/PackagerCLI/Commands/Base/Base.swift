import ArgumentParser

/// `packager base …`: base images from a distribution's packages.
struct Base: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "base",
        abstract: "Make base images without a registry.",
        subcommands: [BaseCreate.self, BaseExtend.self]
    )
}
