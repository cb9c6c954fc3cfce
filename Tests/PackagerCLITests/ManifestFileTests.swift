import FileSystem
import JSON
import PackagerCore
import SystemPackage
import Testing

@testable import PackagerCLI

@Suite("Manifest files")
struct ManifestFileTests {
    private func manifest<Value>(_ text: String, _ body: (ManifestFile) throws -> Value) async throws -> Value {
        try await withTemporaryDirectory(in: "/tmp", prefix: "manifest") { directory in
            let path = directory.appending("pack.yaml")
            try path.writeAtomically(text.utf8)
            return try body(ManifestFile(path))
        }
    }

    private static let two = """
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

    @Test func `Several documents are told apart by their kind`() async throws {
        try await manifest(Self.two) { file throws in
            let all = try file.manifests
            #expect(all.map(\.name) == ["Connection ci", "ModelPackaging wine"])
            let packaging = try file.manifest(PackagingKind.self, id: nil)
            #expect(packaging.document["spec"]?["arguments"]?["port"] == 8080)
        }
    }

    @Test func `The only one gets the id that is given, as with ODAHU's client`() async throws {
        try await manifest(Self.two) { file throws in
            let packaging = try file.manifest(PackagingKind.self, id: "beer")
            #expect(packaging.id == "beer" && packaging.document["id"] == "beer")
        }
    }

    @Test func `Of several, an id chooses`() async throws {
        let text = Self.two + "\n---\n{kind: ModelPackaging, id: beer, spec: {artifactName: b, integrationName: c}}\n"
        try await manifest(text) { file throws in
            #expect(try file.manifest(PackagingKind.self, id: "beer").id == "beer")
            let none = #expect(throws: CommandError.self) { try file.manifest(PackagingKind.self, id: "ale") }
            #expect(none?.description.contains("holds no ModelPackaging \"ale\"; it holds: wine, beer") == true)
            let many = #expect(throws: CommandError.self) { try file.manifest(PackagingKind.self, id: nil) }
            #expect(many?.description.contains("should contain 1 ModelPackaging, but 2 found") == true)
            let other = #expect(throws: CommandError.self) { try file.manifest(IntegrationKind.self, id: nil) }
            #expect(
                other?.description.contains("PackagingIntegration expected, but Connection, ModelPackaging provided")
                    == true
            )
        }
    }

    @Test(arguments: [
        #"[{"kind":"ModelPackaging","id":"a","spec":{"artifactName":"a.zip","integrationName":"docker-rest"}}]"#,
        #"{"kind":"ModelPackaging","id":"a","spec":{"artifactName":"a.zip","integrationName":"docker-rest"}}"#,
        "---\n---\n- kind: ModelPackaging\n  id: a\n",
        "kind: ModelPackaging\nid: a\nstatus: null\ncreatedAt: null\nspec: {resources: null, targets: null}\n",
    ])
    func `JSON and YAML, one or a list`(text: String) async throws {
        try await manifest(text) { file throws in #expect(try file.manifests.map(\.id) == ["a"]) }
    }

    @Test func `Fields that nobody knows are sent as they are`() async throws {
        try await manifest(
            "kind: ModelPackaging\nowner: me\nspec: {artifactName: a, artifactNames: [], memory: 1, integrationName: b}\n"
        ) { file throws in
            let document = try file.manifests[0].document
            #expect(document["owner"] == "me" && document["spec"]?["memory"] == 1)
        }
    }

    @Test(arguments: [
        ("id: wine\n", "Kind of object \"wine\" must be not null"),
        ("kind: null\n", "Kind of object must be not null"),
        ("hello\n", "Invalid resource: a string"),
        ("kind: Model\n", "Unknown kind of object: 'Model'"),
        ("kind: ModelPackagings\n", "did you mean \"ModelPackaging\"?"),
        ("kind: connection\n", "there is ModelPackaging, PackagingIntegration, Connection"),
        ("kind: ModelTraining\n", "ModelTraining is a kind of ODAHU's that Packager does not have"),
        ("kind: InferenceService\n", "leave the document out"),
        ("kind: ModelPackaging\nid: wine\nspec: {artifactName: [a], integrationName: b}\n", "spec.artifactName"),
        ("kind: [\n", "not valid JSON or YAML"),
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
        let error = await #expect(throws: CommandError.self) { try await manifest(text) { try $0.manifests } }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `A file that is not there is named`() {
        let error = #expect(throws: CommandError.self) { try ManifestFile("/nowhere/pack.yaml") }
        #expect(error?.description.contains("Resource file '/nowhere/pack.yaml' not found") == true)
    }
}
