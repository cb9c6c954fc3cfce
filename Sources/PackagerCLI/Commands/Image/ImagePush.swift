import ArgumentParser
import ImageAssembler
import Logging
import OCI
import PackagerCore
import Transfer

struct ImagePush: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Copy an image of the local store to a registry.",
        discussion: "Example: packager image push base/python:3.11 127.0.0.1:5000/base/python:3.11"
    )

    @Argument(help: "The image in the store: NAME:TAG or NAME@DIGEST.")
    var source: String

    @Argument(help: "Where to: HOST/NAME:TAG.")
    var destination: String

    @OptionGroup var general: GeneralOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var registry: RegistryOptions

    func run() async throws {
        let source = try ImageReference(parsing: source)
        let destination = try ImageReference(parsing: destination)
        let database = try await PackagerDatabase(in: data.directory)
        let store = try await OCILayout.open(data.directory.store)
        let manifest = try await store.repository(source).manifest(source.selector)
        let access = registry.access(to: destination.resolvedHost)
        let client = try HTTPClient()
        let progress = ProgressDisplay.upload("pushing \(destination)", total: nil, general)
        let report = try await progress.during { [general] in
            try await ImagePusher(locations: database).copy(
                manifest,
                from: store.repository(source),
                to: access.repository(destination, over: client, logger: .commandLine(general)),
                tag: destination.tag ?? "latest"
            )
        }
        print("\(destination)@\(manifest.descriptor.digest)")
        print("sent \(report.uploaded.bytes.humanSize), \(report.skipped.count.counted("blob")) there already")
    }
}
