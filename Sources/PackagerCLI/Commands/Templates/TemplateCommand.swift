import ArgumentParser
import FileSystem
import JSON
import SystemPackage

/// `packager template …`: manifests to begin with.
struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Print manifests to begin with.",
        discussion: """
            Examples:
              packager template all
              packager template generate --name docker_packaging > pack.yaml
            """,
        subcommands: [TemplateAll.self, TemplateGenerate.self],
        aliases: ["temp"]
    )
}

struct TemplateAll: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: "List the templates.",
        discussion: "Example: packager template all"
    )

    func run() throws {
        print(
            Table(
                titles: ["NAME", "WHAT"],
                rows: ManifestTemplate.all.map { [$0.name, $0.summary] }
            ).text
        )
    }
}

struct TemplateGenerate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Print a template, or write it into a file.",
        discussion: "Example: packager template generate --name docker_packaging > pack.yaml"
    )

    @Option(
        name: .long,
        help: "Which template; packager template all lists them.",
        completion: .list(ManifestTemplate.all.map(\.name))
    )
    var name: String

    @Option(name: .shortAndLong, help: "The file to write; a new one.", completion: .file())
    var file: String?

    func run() throws {
        guard let template = ManifestTemplate.all.first(where: { $0.name == name }) else {
            let names = ManifestTemplate.all.map(\.name)
            let hint = Spelling.hint(for: name, among: names)
            throw CommandError(
                "there is no template \"\(name)\"\(hint.isEmpty ? "; there is \(names.joined(separator: ", "))" : hint)"
            )
        }
        guard let file else { return print(template.text, terminator: "") }
        let path = FilePath(file)
        guard !path.exists else { throw CommandError("\(file) is there already; name another, or remove it") }
        try path.writeAtomically(template.text.utf8)
        printError("wrote \(file); apply it with: packager bulk apply \(file)")
    }
}
