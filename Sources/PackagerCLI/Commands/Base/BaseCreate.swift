import ArgumentParser
import ImageAssembler
import Logging
import OCI
import PackagerCore

struct BaseCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a Python base image from a Debian release's packages, into the local store.",
        discussion: """
            Examples:
              packager base create --suite bookworm --name base/python:3.11
              packager base create --name base/tool:1 --package libxml2 --copy ./tool:/opt/tool --env TOOL=/opt/tool

            The same packages, files and variables give the same digest, whoever owns the files and whenever they were \
            written.
            """
    )

    @Option(name: .long, help: "The Debian release; it decides the Python: bookworm has 3.11, trixie 3.13.")
    var suite = "bookworm"

    @Option(name: .long, help: "The image's name in the store: NAME:TAG.")
    var name: String

    @Option(name: [.customLong("package"), .customLong("include")], help: "A further Debian package; repeat for more.")
    var packages: [String] = []

    @Option(
        name: .customLong("copy"),
        help: "SOURCE:/TARGET, a file or directory to put into the image as a layer; repeat for more.",
        transform: HostCopy.init(parsing:)
    )
    var copies: [HostCopy] = []

    @Option(
        name: .customLong("env"),
        help: "NAME=VALUE, a variable of the image; repeat for more.",
        transform: ImageVariable.init(parsing:)
    )
    var variables: [ImageVariable] = []

    @Option(name: .long, help: "A Debian mirror in place of the host's own.")
    var mirror: String?

    @OptionGroup var data: DataOptions

    func run() async throws {
        let reference = try ImageReference(parsing: name)
        let store = try await OCILayout.open(data.directory.store)
        let base = DebianBase(
            suite: suite,
            packages: packages,
            copies: copies,
            variables: variables,
            mirror: mirror
        )
        let manifest = try await base.create(
            reference,
            in: store,
            work: data.directory.work,
            logger: .commandLine()
        )
        print("\(reference)@\(manifest.descriptor.digest)")
    }
}
