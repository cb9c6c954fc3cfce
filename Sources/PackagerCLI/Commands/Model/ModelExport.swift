import ArgumentParser
import FileSystem
import ModelBundles
import OCI
import SystemPackage

struct ModelExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model of the cache into a directory.",
        discussion: """
            Models that were saved as ORMB saves them become ormbfile.yaml and model/; what the destination has under these \
            names is replaced, once the whole model is found to be what its digests say.

            Examples:
              packager model export registry.example.com/iris/sklearn:v1 -d ./served
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG, or HOST/NAME@DIGEST.")
    var reference: String

    @Option(name: .shortAndLong, help: "The directory to write into; it is made where there is none.")
    var destination = "."

    @Option(name: .long, help: "Write files that match only. May be repeated.")
    var include: [String] = []

    @Flag(name: .long, inversion: .prefixedNo, help: "Write ormbfile.yaml, too.")
    var metadata = true

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let reference = try options.reference(reference)
        let cache = try await options.cache()
        let bundle = try await cache.bundle(reference)
        var choice = ModelCache.ExportOptions()
        choice.include = include.map(GlobPattern.init)
        choice.metadata = metadata
        try await cache.export(bundle, to: FilePath(destination), options: choice)
        print(ModelSummary(reference: reference, bundle: bundle).text)
    }
}
