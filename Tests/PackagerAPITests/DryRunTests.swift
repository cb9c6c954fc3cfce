import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import OCI
import PackagerCore
import Testing

/// `dryRun` on packagings: everything but the doing.
struct DryRunTests {
    private static let body = """
        {"id": "wine", "spec": {"artifactName": "wine.tar", "integrationName": "sample", "arguments": {"imageName": "w:1"}}}
        """
    /// An MLflow model of one file.
    private static let model = """
        flavors:
          python_function:
            loader_module: mlflow.sklearn
            python_version: 3.11.4
        model_uuid: 0123456789abcdef0123456789abcdef
        utc_time_created: '2026-01-02 03:04:05.678901'

        """

    private static func withModel(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await APIFixture.run { fixture, client in
            try await TestImage.put("base:1", in: fixture.layout)
            let tar = ByteBuffer(bytes: TestImage.tar(file: "MLmodel", Array(model.utf8)))
            let put = try await client.execute(uri: "/artifact/wine.tar", method: .put, body: tar) { $0.status.code }
            #expect(put == 201)
            try await body(client)
        }
    }

    @Test(arguments: ["/packaging", "/api/v1/model/packaging"])
    func aRecipeComesBackAndNothingIsStored(path: String) async throws {
        try await Self.withModel { client in
            let reply = try await client.send(.post, path + "?dryRun=true", body: Self.body)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.headers[.contentType] == "application/json; charset=utf-8")
            let preview = try reply.json.decode(as: PackagingPreview.self)
            #expect(preview.image.description == "127.0.0.1:5080/w:1" && preview.model.kind == "mlflow")
            #expect(preview.targets?.map(\.connectionName) == ["store"])
            #expect(preview.layers.map(\.kind) == ["base"] && preview.layers[0].digest != nil)
            #expect(try await client.send(.get, path).json == [])
            #expect(try await client.send(.get, path + "/wine").status == 404)
            #expect(try await client.send(.put, path + "?dryRun=1", body: Self.body).status == 404)

            #expect(try await client.send(.post, path + "?dryRun=no", body: Self.body).status == 201)
            #expect(try await client.send(.post, path + "?dryRun=true", body: Self.body).status == 409)
            let changed = try await client.send(.put, path + "?dryRun=true", body: Self.body)
            #expect(changed.status == 200 && changed.json["integration"] == "sample")
            #expect(try await client.send(.get, path + "/wine").json["status"]?["state"] == "scheduling")
        }
    }

    @Test(arguments: [
        ("wine.tar\"", "beer.tar\"", "artifact \"beer.tar\" is not found"),
        ("sample", "other", "packaging integration with name .spec.integrationName = \"other\" is not found"),
        ("w:1", "W:1:2", "image name"), ("{\"id\"", "[{\"id\"", "is not JSON"),
    ])
    func whatIsRefusedIsRefused(text: String, replacement: String, message: String) async throws {
        try await Self.withModel { client in
            let body = Self.body.replacing(text, with: replacement)
            let dry = try await client.send(.post, "/packaging?dryRun=true", body: body)
            let real = try await client.send(.post, "/packaging", body: body)
            #expect(dry.status == 400 && dry.text == real.text)
            #expect(dry.message?.contains(message) == true, "\(dry.text)")
        }
    }

    @Test func onlyPackagingsHaveDryRuns() async throws {
        try await Self.withModel { client in
            let reply = try await client.send(.post, "/connection?dryRun=true", body: "{}")
            #expect(reply.status == 400 && reply.message == "cannot find dryRun url parameter")
            #expect(try await client.send(.post, "/packaging?dryRun=maybe", body: Self.body).status == 400)
        }
    }
}
