import ArgumentParser
import ModelBundles
import OCI

struct ModelTag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give a model of the cache a second name.",
        discussion: """
            Examples:
              packager model tag registry.example.com/iris/sklearn:v1 registry.example.com/iris/sklearn:stable
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG.")
    var source: String

    @Argument(help: "Its other name: HOST/NAME:TAG.")
    var target: String

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let source = try options.reference(source)
        let target = try options.reference(target)
        if source == target { return }
        try await options.cache().tag(source, as: target)
        print("\(source): tagged")
    }
}

struct ModelRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a model's name away; packager model gc frees the disk.",
        discussion: """
            Examples:
              packager model remove registry.example.com/iris/sklearn:v1
            """,
        aliases: ["rm"]
    )

    @Argument(help: "The model: HOST/NAME:TAG.")
    var reference: String

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let reference = try options.reference(reference)
        try await options.cache().remove(reference)
        print("\(reference.tag ?? reference.description): removed")
    }
}
