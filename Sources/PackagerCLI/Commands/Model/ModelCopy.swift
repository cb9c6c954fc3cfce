import ArgumentParser
import ImageAssembler
import ModelBundles
import OCI
import PackagerCore
import Registry

struct ModelCopy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy a model from one registry to another, with all its platforms and what refers to it.",
        discussion: """
            Blobs are mounted where both are in one registry, and streamed on where not: nothing touches the disk.

            Examples:
              packager model copy staging.example.com/llm/tiny:v1 prod.example.com/llm/tiny:v1
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG, or HOST/NAME@DIGEST.")
    var source: String

    @Argument(help: "Where to: HOST/NAME:TAG.")
    var destination: String

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func run() async throws {
        let from = try options.reference(source)
        let to = try options.reference(destination)
        if let digest = to.digest, digest != from.digest {
            throw CommandError("\(to) names another digest than the source; leave it out: \(to.name):TAG")
        }
        let client = try registry.client(for: [from.resolvedHost, to.resolvedHost], options)
        let database = try await PackagerDatabase(in: options.data.directory)
        let report = try await ArtifactCopy(
            from: client.repository(for: from),
            to: client.repository(for: to),
            pusher: ImagePusher(locations: database)
        ).copy(from.selector, tag: to.tag)
        print("\(to.name)\(to.tag.map { ":" + $0 } ?? "")@\(report.manifest.digest)")
        print(
            "copied \(report.manifests.counted("manifest")) (\(report.referrers.counted("referrer"))): "
                + "\(report.bytes(.uploaded).sizeAsORMB) sent, \(report.bytes(.mounted).sizeAsORMB) mounted, "
                + "\(report.bytes(.skipped).sizeAsORMB) there already"
        )
    }
}
