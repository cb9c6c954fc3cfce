import ArgumentParser
import ImageAssembler
import OCI
import PackagerCore
import SystemPackage

struct ImageExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write an image of the local store into one file, for docker load or another tool.",
        discussion: "Example: packager image export wine:1 wine.tar --format docker-archive"
    )

    @Argument(help: "The image: NAME:TAG or NAME@DIGEST.")
    var reference: String

    @Argument(help: "The file to write.")
    var file: String

    @Option(name: .long, help: "oci (an OCI layout in a tar) or docker-archive (what docker load reads).")
    var format: ImageArchive.Format = .oci

    @OptionGroup var data: DataOptions

    func run() async throws {
        let store = try await OCILayout.open(data.directory.store)
        let reference = try ImageReference(parsing: reference)
        let image = try await BaseImage.resolve(reference, from: store.repository(reference))
        try await ImageArchive.write(
            image.source.manifest(.digest(image.descriptor.digest)),
            from: image.source,
            names: [reference],
            to: FilePath(file),
            format: format
        )
        print("\(reference) is in \(file)")
    }
}

extension ImageArchive.Format: ExpressibleByArgument {}
