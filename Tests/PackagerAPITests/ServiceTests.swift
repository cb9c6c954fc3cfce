import FileSystem
import HTTPTypes
import HummingbirdTesting
import JSON
import PackagerCore
import SystemPackage
import Testing

/// Routes through to the service's state on disk.
struct ServiceTests {
    @Test(arguments: ["/connection", "/api/v1/connection"])
    func connectionLivesAndDies(path: String) async throws {
        try await APIFixture.run { _, client in
            let created = try await client.send(.post, path, body: connection)
            #expect(created.status == 201)
            #expect(created.json["spec"]?["password"] == "*****")
            #expect(created.json["kind"] == nil)
            #expect(created.json["createdAt"]?.stringValue?.contains(/T\d\d:\d\d:\d\d\.\d+Z$/) == true)
            let again = try await client.send(.post, path, body: connection)
            #expect(again.status == 409)
            #expect(again.message == #"entity "ci" already exists"#)
            #expect(try await client.send(.get, path + "?type=docker").json.arrayValue?.count == 1)
            #expect(try await client.send(.get, path + "/ci/decrypted").json["spec"]?["password"] == "c2VjcmV0")

            let read = try await client.send(.get, path + "/ci")
            let put = try await client.send(.put, path, body: read.text)
            #expect(put.status == 200)
            #expect(try await client.send(.get, path + "/ci/decrypted").json["spec"]?["password"] == "c2VjcmV0")
            let deleted = try await client.send(.delete, path + "/ci")
            #expect(deleted.status == 200)
            #expect(deleted.message == "Connection ci was deleted")
            for method in [HTTPRequest.Method.get, .delete] {
                let gone = try await client.send(method, path + "/ci")
                #expect(gone.status == 404)
                #expect(gone.message == #"entity "ci" is not found"#)
            }
        }
    }

    @Test(arguments: ["wine.zip", "größe 模型+1.zip"])
    func artifactIsStoredUnderItsOwnName(name: String) async throws {
        try await APIFixture.run(.live) { _, client in
            let escaped = name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let put = try await client.send(.put, "/artifact/\(escaped)", body: "hello")
            #expect(put.status == 201)
            #expect(put.json["name"]?.stringValue == name)
            #expect(put.json["size"] == 5)
            #expect(try await client.send(.get, "/artifact").json[0]?["name"]?.stringValue == name)
            #expect(try await client.send(.head, "/artifact/\(escaped)").status == 200)
            let deleted = try await client.send(.delete, "/artifact/\(escaped)")
            #expect(deleted.message == "Artifact \(name) was deleted")
            #expect(try await client.send(.get, "/artifact/\(escaped)").status == 404)
        }
    }

    @Test func artifactIsDescribedAndDownloaded() async throws {
        try await APIFixture.run(.live) { _, client in
            _ = try await client.send(.put, "/artifact/wine.zip?description=old", body: "hello")
            let described = try await client.send(.patch, "/artifact/wine.zip", body: #"{"description": "new"}"#)
            #expect(described.json["description"] == "new" && described.json["size"] == 5)
            let plain = try await client.send(.patch, "/artifact/wine.zip", body: #"{"description": null}"#)
            #expect(plain.status == 200 && plain.json["description"] == nil)
            for body in [
                "{}", #"{"name": "x"}"#, #"{"description": 1}"#, "[]", #"{"defaultVersion": 0}"#,
                #"{"defaultVersion": "1"}"#, #"{"defaultVersion": null}"#,
            ] {
                #expect(try await client.send(.patch, "/artifact/wine.zip", body: body).status == 400)
            }
            #expect(try await client.send(.patch, "/artifact/beer.zip", body: #"{"description": ""}"#).status == 404)

            let whole = try await client.send(.get, "/artifact/wine.zip/content")
            #expect(whole.text == "hello" && whole.headers[.eTag]?.contains("sha256:2cf24dba") == true)
            let tag = try #require(whole.headers[.eTag])
            let part = try await client.send(.get, "/artifact/wine.zip/content", headers: [.range: "bytes=1-2"])
            #expect(part.status == 206 && part.text == "el")
            let known = try await client.send(.get, "/artifact/wine.zip/content", headers: [.ifNoneMatch: tag])
            #expect(known.status == 304 && known.text.isEmpty)
            let outside = try await client.send(.get, "/artifact/wine.zip/content", headers: [.range: "bytes=9-"])
            #expect(outside.status == 416 && outside.headers[.contentRange] == "bytes */5")
            #expect(try await client.send(.get, "/artifact/beer.zip/content").status == 404)
        }
    }

    @Test func versionsAreListedChosenAndDeleted() async throws {
        try await APIFixture.run(.live) { _, client in
            for text in ["one", "two", "three"] {
                let put = try await client.send(.put, "/artifact/wine.zip?description=\(text)", body: text)
                #expect(put.status == 201 && put.json["inspection"]?.stringValue != nil)
            }
            let aside = try await client.send(.put, "/artifact/wine.zip?default=false", body: "four")
            #expect(aside.json["version"] == 4 && aside.json["defaultVersion"] == 3)
            let all = try await client.send(.get, "/artifact/wine.zip/versions").json.arrayValue ?? []
            #expect(all.map { $0["description"]?.stringValue } == ["one", "two", "three", nil])
            #expect(try await client.send(.get, "/artifact/wine.zip/content").text == "three")
            let part = try await client.send(.get, "/artifact/wine.zip@2/content", headers: [.range: "bytes=1-"])
            #expect(part.status == 206 && part.text == "wo")

            let chosen = try await client.send(.patch, "/artifact/wine.zip", body: #"{"defaultVersion": 1}"#)
            #expect(chosen.json["version"] == 1 && chosen.json["description"] == "one")
            let missing = try await client.send(.patch, "/artifact/wine.zip", body: #"{"defaultVersion": 9}"#)
            #expect(missing.status == 404 && missing.message?.contains("it has 1, 2, 3, 4") == true)
            let wrong = try await client.send(.patch, "/artifact/wine.zip@2", body: #"{"defaultVersion": 2}"#)
            #expect(wrong.status == 400)
            let described = try await client.send(.patch, "/artifact/wine.zip@2", body: #"{"description": "2nd"}"#)
            #expect(described.json["version"] == 2 && described.json["description"] == "2nd")

            let deleted = try await client.send(.delete, "/artifact/wine.zip@1")
            #expect(deleted.message == "Artifact wine.zip@1 was deleted")
            let left = try await client.send(.get, "/artifact/wine.zip").json
            #expect(left["version"] == 4 && left["versions"] == [2, 3, 4])
            #expect(try await client.send(.get, "/artifact/wine.zip@1").status == 404)
            #expect(try await client.send(.put, "/artifact/wine.zip@9", body: "x").status == 400)
            #expect(try await client.send(.delete, "/artifact/wine.zip").status == 200)
            #expect(try await client.send(.get, "/artifact/wine.zip/versions").status == 404)
        }
    }

    @Test func whatIsInAnArtifactIsTold() async throws {
        try await APIFixture.run(.live) { fixture, client in
            let directory = fixture.data.appending("artifacts/net")
            try directory.createDirectories()
            let mlmodel = """
                flavors:
                  python_function: {env: {virtualenv: python_env.yaml}, loader_module: mlflow.sklearn, python_version: 3.11.9}
                signature:
                  inputs: '[{"type": "double", "name": "alcohol"}]'
                  outputs: '[{"type": "long"}]'
                """
            try directory.appending("MLmodel").writeAtomically(mlmodel.utf8)
            try directory.appending("requirements.txt").writeAtomically("numpy==1.26.4\n".utf8)
            try directory.appending("python_env.yaml").writeAtomically(
                "python: 3.11.9\ndependencies: [-r requirements.txt]\n".utf8
            )
            let known = try await client.send(.get, "/artifact/net").json
            #expect(known["inspection"] == "done" && known["kind"] == "mlflow", "\(known)")
            let model = known["model"]
            #expect(model?["requirements"] == ["numpy==1.26.4"] && model?["python"] == "3.11.9")
            #expect(model?["signature"]?["inputs"]?[0]?["name"] == "alcohol")
            #expect(model?["files"]?.arrayValue?.count == 3 && model?["fileCount"] == 3)

            try fixture.data.appending("artifacts/nothing").createDirectories()
            let nothing = try await client.send(.get, "/artifact/nothing").json
            #expect(nothing["inspection"] == "failed" && nothing["problem"]?.stringValue?.isEmpty == false)
            #expect(nothing["model"] == nil && nothing["size"] == nil)
        }
    }

    @Test func brokenUploadLeavesNothing() async throws {
        try await APIFixture.run(.live) { fixture, client in
            let port = try #require(client.port)
            let before = try fixture.data.appending("artifacts").entries()
            do {
                let connection = try RawConnection(port: port)
                try connection.send(
                    "PUT /artifact/a.zip HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\npart"
                )
                try await Task.sleep(for: .milliseconds(200))
            }
            let wrong = try await client.send(
                .put,
                "/artifact/b.zip?digest=sha256:\(String(repeating: "0", count: 64))",
                body: "hello"
            )
            #expect(wrong.status == 400)
            #expect(try await client.send(.get, "/artifact").json == [])
            while try fixture.data.appending("artifacts").entries() != before {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test func missingAndNullMembersCountAsEmpty() async throws {
        try await APIFixture.run { _, client in
            for body in [
                "{}", #"{"id": null, "spec": {"integrationName": null}, "status": {}, "kind": "ModelPackaging"}"#,
            ] {
                let packaging = try await client.send(.post, "/packaging", body: body)
                #expect(packaging.status == 400)
                #expect(packaging.message?.contains("empty artifactName; ") == true)
                #expect(packaging.message?.contains("empty integrationName") == true)
            }
            let connection = try await client.send(.post, "/connection", body: "{}")
            #expect(connection.message?.contains("empty uri") == true)
            let integration = try await client.send(.post, "/packaging/integration", body: "{}")
            #expect(integration.message?.contains("empty entrypoint; empty defaultImage") == true)
        }
    }

}

private let connection =
    #"{"id": "ci", "kind": "Connection", "spec": {"type": "docker", "uri": "r.example", "username": "u", "password": "c2VjcmV0"}}"#
