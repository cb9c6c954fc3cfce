import ArgumentParser

/// `packager image …`: the images of the local store.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "List, inspect, export and push the images of the local store.",
        subcommands: [ImageList.self, ImageInspect.self, ImageExport.self, ImagePush.self]
    )
}
