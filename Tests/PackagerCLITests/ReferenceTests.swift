import FileSystem
import JSON
import PackagerCore
import SystemPackage
import Testing
import YAML

@testable import PackagerCLI

@Suite("Documents that follow from the commands")
struct ReferenceTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    @Test(arguments: [("commands.md", ReferenceCommand.Format.markdown), ("packager.1", .man)])
    func areUpToDate(file: String, format: ReferenceCommand.Format) throws {
        let stored = String(decoding: try Self.root.appending("docs").appending(file).readAll(), as: UTF8.self)
        let isSame = try stored == ReferenceCommand.text(format)
        #expect(isSame, "renew it: swift run packager reference \(format.rawValue) > docs/\(file)")
    }

    @Test func everyCommandHasAnExample() throws {
        for command in try CommandDescription.tree().flattened {
            let examples = (command.discussion ?? "").split(separator: "\n").filter { $0.contains("packager ") }
            #expect(!examples.isEmpty, "\(command.path)")
        }
    }

    @Test func everyCommandHasAnAbstract() throws {
        let commands = try CommandDescription.tree().flattened
        #expect(commands.count > 30)
        for command in commands {
            #expect(command.abstract?.hasSuffix(".") == true, "\(command.path)")
            for argument in command.displayedArguments {
                #expect(argument.abstract?.hasSuffix(".") == true, "\(command.path) \(argument.usage)")
            }
        }
    }
}

@Suite struct ManifestTemplateTests {
    @Test(arguments: ManifestTemplate.all.map(\.name)) func isAManifest(name: String) throws {
        let template = try #require(ManifestTemplate.all.first { $0.name == name })
        let documents = try YAML.documents(in: template.text)
        #expect(documents.count == 1)
        let manifest = try Manifest(documents[0], in: "template.yaml")
        #expect(!manifest.id.isEmpty)
        #expect(template.text.hasSuffix("\n") && !template.text.hasSuffix("\n\n"))
    }
}

@Suite struct BulkReportTests {
    @Test func saysWhatWasDoneAndWhatWentWrong() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "bulk") { directory in
            let path = directory.appending("all.yaml")
            try path.writeAtomically(
                """
                {kind: Connection, id: a}
                ---
                kind: ModelTraining
                ---
                {kind: ModelPackaging, id: b}
                ---
                {kind: ModelPackaging, id: bad}
                ---
                {kind: ModelPackaging, id: c}

                """.utf8
            )
            var report = BulkReport()
            await report.run(over: path.string) { manifest in
                if manifest.id == "bad" { throw CommandError("it is bad") }
                return manifest.id == "c" ? .changed : .created
            }
            await report.run(over: "/nowhere.yaml") { _ in .created }
            #expect(
                report.text
                    == "Operation completed, created resources: 2 (Connection a, ModelPackaging b), changed resources: 1 (ModelPackaging c)"
            )
            #expect(report.errors.count == 3)
            #expect(report.errors[0].contains("document #2 of \(path): ModelTraining is a kind of ODAHU's"))
            #expect(report.errors[1] == "\(path), document #4, ModelPackaging bad: it is bad")
            #expect(report.errors[2].contains("Resource file '/nowhere.yaml' not found"))
            let error = #expect(throws: CommandError.self) { try report.finish() }
            #expect(error?.description.hasPrefix("Some errors detected:\n\tdocument #2") == true)
        }
    }
}
