import ArgumentParser

/// `packager base …`: base images from a distribution's packages.
struct Base: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "base",
        abstract: "Make base images without a registry.",
        discussion: "Example: packager base create --suite bookworm --name base/python:3.11",
        subcommands: [BaseCreate.self, BaseExtend.self]
    )
}
