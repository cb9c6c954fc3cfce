import FileSystem
import JSON
import PackagerCore
import SystemPackage
import Testing

@testable import PackagerCLI

@Suite("Manifest files")
struct ManifestFileTests {
    private func manifest<Value>(_ text: String, _ body: (ManifestFile, FilePath) throws -> Value) async throws -> Value
    {
        try await withTemporaryDirectory(in: "/tmp", prefix: "manifest") { directory in
            let path = directory.appending("pack.yaml")
            try path.writeAtomically(text.utf8)
            return try body(ManifestFile(path), path)
        }
    }

    @Test func `Several documents are told apart by their kind`() async throws {
        try await manifest(
            """
            kind: Connection
            id: ci
            spec: {type: docker, uri: registry.example}
            ---
            kind: ModelPackaging
            id: wine
            spec:
              artifactName: wine.zip
              integrationName: docker-rest
              arguments: {port: 8080, imageName: "wine:{{ Version }}"}
            """
        ) { file, path in
            #expect(file.connections.count == 1)
            let packaging = try file.packaging(id: nil, in: path)
            #expect(packaging.spec.arguments?["port"] == 8080)
            #expect(try file.packaging(id: "wine", in: path) == packaging)
            #expect(throws: CommandError.self) { try file.packaging(id: "beer", in: path) }
        }
    }

    @Test func `A JSON list is a manifest too`() async throws {
        try await manifest(
            #"[{"kind":"ModelPackaging","id":"a","spec":{"artifactName":"a.zip","integrationName":"docker-rest"}}]"#
        ) { file, _ in #expect(file.packagings.map(\.id) == ["a"]) }
    }

    @Test func `Fields that nobody knows are ignored`() async throws {
        try await manifest(
            "kind: ModelPackaging\nowner: me\nspec: {artifactName: a, artifactNames: [], memory: 1, integrationName: b}\n"
        ) { file, _ in #expect(file.packagings.map(\.spec.artifactName) == ["a"]) }
    }

    @Test(arguments: [
        ("id: wine\n", "\"kind\""),
        ("kind: Model\n", "unknown kind \"Model\""),
        ("kind: ModelPackaging\nid: wine\nspec: {artifactName: [a], integrationName: b}\n", "spec.artifactName"),
        ("kind: [\n", "not valid YAML"),
        (
            "kind: ModelPackaging\nspec: {artifactNmae: a}\n",
            "\"spec.artifactNmae\"; did you mean \"spec.artifactName\"?"
        ),
        ("kind: ModelPackaging\nspec: {integrationname: a}\n", "did you mean \"spec.integrationName\"?"),
        ("kind: ModelPackaging\nspecs: {}\n", "\"specs\"; did you mean \"spec\"?"),
        (
            "kind: ModelPackaging\nspec: {targets: [{name: a, conectionName: b}]}\n",
            "\"spec.targets[0].conectionName\"; did you mean \"spec.targets[0].connectionName\"?"
        ),
        ("kind: Connection\nspec: {typ: docker}\n", "did you mean \"spec.type\"?"),
        ("kind: PackagingIntegration\nspec: {entryPoint: a}\n", "did you mean \"spec.entrypoint\"?"),
    ])
    func `A mistake is named with its field`(text: String, words: String) async throws {
        let error = await #expect(throws: CommandError.self) { try await manifest(text) { _, _ in } }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
