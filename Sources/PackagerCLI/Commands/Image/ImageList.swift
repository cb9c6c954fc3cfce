import ArgumentParser
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import PackagerCore

struct ImageList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List the images of the local store.",
        discussion: "Example: packager image ls"
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let store = try await OCILayout.open(data.directory.store)
        var rows: [JSONValue] = []
        for image in try await store.images() {
            rows.append([
                "name": .string(image.name),
                "digest": .string(image.descriptor.digest.description),
                "size": .integer(try await size(of: image.descriptor, in: store)),
            ])
        }
        print(
            try output.output.render(
                rows,
                columns: [
                    .init("NAME") { $0["name"]?.stringValue },
                    .init("DIGEST") { ($0["digest"]?.stringValue).map { String($0.prefix(19)) } },
                    .init("SIZE") { $0["size"]?.integerValue?.humanSize },
                ]
            )
        )
    }

    /// Bytes of the image's blobs; of an index, of all its images.
    private func size(of descriptor: Descriptor, in store: OCILayout) async throws -> Int64 {
        let stored = try await store.wholeRepository.manifest(.digest(descriptor.digest))
        var total: Int64 = 0
        for child in try stored.children() {
            total += descriptor.mediaType.isIndex ? try await size(of: child, in: store) : child.size
        }
        return total
    }
}
