import ArgumentParser
import ImageAssembler
import Logging
import OCI
import PackagerCore

struct BaseCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a Python base image from a Debian release's packages, into the local store.",
        discussion: "Example: packager base create --suite bookworm --name base/python:3.11"
    )

    @Option(name: .long, help: "The Debian release; it decides the Python: bookworm has 3.11, trixie 3.13.")
    var suite = "bookworm"

    @Option(name: .long, help: "The image's name in the store: NAME:TAG.")
    var name: String

    @Option(name: .long, help: "A further Debian package; repeat for more.")
    var include: [String] = []

    @Option(name: .long, help: "A Debian mirror in place of the host's own.")
    var mirror: String?

    @OptionGroup var data: DataOptions

    func run() async throws {
        let reference = try ImageReference(parsing: name)
        let store = try await OCILayout.open(data.directory.store)
        let manifest = try await DebianBase(suite: suite, packages: include, mirror: mirror).create(
            reference,
            in: store,
            work: data.directory.work,
            logger: .commandLine()
        )
        print("\(reference)@\(manifest.descriptor.digest)")
    }
}
