import HTTPTypes
import HummingbirdTesting
import JSON
import PackagerCore
import Testing

@testable import PackagerAPI

/// What can be done with a packaging beside reading and writing it. No worker runs.
struct PackagingRouteTests {
    private static let body = #"{"id": "wine", "spec": {"artifactName": "wine.zip", "integrationName": "sample"}}"#

    private static func withPackaging(
        _ setup: TestingSetup = .router,
        _ body: @Sendable (any TestClientProtocol, Reply) async throws -> Void
    ) async throws {
        try await APIFixture.run(setup) { _, client in
            _ = try await client.send(.put, "/artifact/wine.zip", body: "a model")
            let created = try await client.send(.post, "/packaging", headers: [.idempotencyKey: "one"], body: Self.body)
            #expect(created.status == 201, "\(created.text)")
            try await body(client, created)
        }
    }

    @Test(arguments: ["/packaging/wine", "/api/v1/model/packaging/wine"])
    func cancelAttemptsAndResults(path: String) async throws {
        try await Self.withPackaging { client, _ in
            #expect(try await client.send(.get, path + "/attempts").json == [])
            #expect(try await client.send(.get, path + "/log?attempt=1").status == 404)
            let cancelled = try await client.send(.post, path + "/cancel")
            #expect(cancelled.status == 200)
            #expect(cancelled.json["status"]?["reason"] == "Cancelled")
            #expect(try await client.send(.post, path + "/cancel").status == 409)
            let results = #"[{"name":"image","value":"wine:1"}]"#
            #expect(try await client.send(.put, path + "/result", body: results).text == results)
            #expect(try await client.send(.get, path).json["status"]?["results"]?[0]?["value"] == "wine:1")
            #expect(try await client.send(.get, "/packaging/beer/attempts").status == 404)
            #expect(try await client.send(.post, "/packaging/beer/cancel").status == 404)
        }
    }

    @Test func tagsGuardEdits() async throws {
        try await Self.withPackaging { client, created in
            let tag = try #require(created.headers[.eTag])
            #expect(try await client.send(.get, "/packaging/wine").headers[.eTag] == tag)
            for (match, status) in [
                ("\"other\"", 412), ("W/" + tag, 412), ("\"other\", " + tag, 200), (tag, 412), ("*", 200),
            ] {
                let reply = try await client.send(.put, "/packaging", headers: [.ifMatch: match], body: Self.body)
                #expect(reply.status == status, "\(match)")
                #expect((reply.headers[.eTag] != nil) == (status == 200))
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await client.send(.get, "/packaging/integration/sample").headers[.eTag] == nil)
        }
    }

    @Test func aRepeatedRequestIsAnsweredWithWhatItMade() async throws {
        try await Self.withPackaging { client, created in
            func post(_ key: String, _ body: String) async throws -> Reply {
                try await client.send(.post, "/packaging", headers: [.idempotencyKey: key], body: body)
            }
            let again = try await post("one", Self.body)
            #expect(again.status == 201 && again.json["createdAt"] == created.json["createdAt"])
            #expect(try await post("one", Self.body.replacing("wine\"", with: "beer\"")).status == 422)
            #expect(try await post("two", Self.body).status == 409)
            #expect(try await post("a b", Self.body).status == 400)
        }
    }

    @Test(arguments: ["-1", "61", "soon"])
    func waitingHasALimit(text: String) async throws {
        try await Self.withPackaging { client, _ in
            let waited = try await client.send(.get, "/packaging/wine?wait=0.05")
            #expect(waited.json["status"]?["state"] == "scheduling")
            #expect(try await client.send(.get, "/packaging/wine?wait=\(text)").status == 400)
            #expect(try await client.send(.get, "/connection/store?wait=1").status == 400)
        }
    }

    @Test func eventsAreAStreamOfStates() async throws {
        try await Self.withPackaging(.live) { client, _ in
            let connection = try RawConnection(port: try #require(client.port))
            try connection.send("GET /packaging/wine/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let head = try await connection.receive(upTo: "\n\n")
            #expect(head.contains("Content-Type: text/event-stream"))
            #expect(head.contains("event: status\ndata: {") && head.contains(#""state":"scheduling""#))
            _ = try await client.send(.post, "/packaging/wine/cancel")
            #expect(try await connection.receive(upTo: "0\r\n\r\n").contains(#""reason":"Cancelled""#))
        }
    }

    @Test func usersAreWhomTheirTokenNames() async throws {
        try await APIFixture.run { _, client in
            for path in ["/user/info", "/api/v1/user/info"] {
                #expect(try await client.send(.get, path).json["username"] == "anonymous")
            }
            // {"name":"Ann","email":"ann@example.org"}
            let token = "e30.eyJuYW1lIjoiQW5uIiwiZW1haWwiOiJhbm5AZXhhbXBsZS5vcmcifQ.x"
            let known = try await client.send(.get, "/user/info", headers: [.authorization: "Bearer \(token)"])
            #expect(known.json == ["email": "ann@example.org", "username": "Ann"])
            for broken in ["x", "a.b", "a.!.c", "e30.W10.x"] {
                let reply = try await client.send(.get, "/user/info", headers: [.authorization: "Bearer \(broken)"])
                #expect(reply.status == 400 && reply.message?.hasPrefix("Malformed JWT: ") == true)
            }
            let configuration = try await client.send(.get, "/api/v1/configuration").json["packaging"]
            #expect(configuration?["outputConnectionID"] == "artifacts")
            #expect(configuration?["defaultResources"]?["limits"]?["cpu"] == "2")
        }
    }
}
