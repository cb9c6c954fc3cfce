import ArgumentParser

/// `packager image …`: the images of the local store.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "List, inspect, export and push the images of the local store.",
        discussion: """
            Examples:
              packager image ls
              packager image push wine:1 registry.example.com/wine:1
            """,
        subcommands: [ImageList.self, ImageInspect.self, ImageExport.self, ImagePush.self]
    )
}
