import ArgumentParser

/// `packager bulk …`: whole files of manifests.
struct Bulk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bulk",
        abstract: "Create, change or delete everything that files of manifests hold.",
        discussion: """
            Examples:
              packager bulk apply connection.yaml pack.yaml
              packager bulk delete pack.yaml
            """,
        subcommands: [BulkApply.self, BulkDelete.self]
    )

    @OptionGroup var server: ServerOptions
}

struct BulkFiles: ParsableArguments {
    @Argument(
        help: "Files of manifests, YAML or JSON; - for standard input.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var files: [String] = []

    @Option(
        name: .shortAndLong,
        help: "A file of manifests, as the other commands take it; repeat for more.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: [String] = []

    var all: [String] { files + file }

    func validate() throws {
        if all.isEmpty { throw ValidationError("name a file of manifests, or - for standard input") }
    }
}

struct BulkApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Create what is not there yet and change the rest, in the order of the files.",
        discussion: """
            Example: packager bulk apply connections.yaml pack.yaml

            A document that cannot be applied does not stop the others; all that went wrong is said at the end. Packagings \
            run in the background.
            """
    )

    @OptionGroup var files: BulkFiles
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try APIClient(server)
        var report = BulkReport()
        for file in files.all {
            await report.run(over: file) { manifest in
                do {
                    _ = try await client.create(manifest)
                    return .created
                } catch let error as APIError where error.status == 409 {
                    _ = try await client.update(manifest)
                    return .changed
                }
            }
        }
        try report.finish()
    }
}

struct BulkDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete what is there of everything that the files hold.",
        discussion: "Example: packager bulk delete pack.yaml"
    )

    @OptionGroup var files: BulkFiles
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try APIClient(server)
        var report = BulkReport()
        for file in files.all {
            await report.run(over: file) { manifest in
                do {
                    _ = try await client.delete(manifest.kind, manifest.id)
                    return .removed
                } catch let error as APIError where error.status == 404 {
                    return .absent
                }
            }
        }
        try report.finish()
    }
}
