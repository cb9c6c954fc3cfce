import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

/// What ODAHU's routes have in common. Source: ODAHU 1.6.1, `routes/v1`.
struct EntityRouteTests {
    /// A kind of entity: its paths, a valid spec, one that is not, and what ODAHU calls it.
    struct Kind: Sendable, CustomTestStringConvertible {
        var name: String
        var paths: [String]
        var spec: JSONValue
        var broken: JSONValue
        var testDescription: String { name }

        func body(_ id: String, broken isBroken: Bool = false) throws -> String {
            let document: JSONValue = ["id": .string(id), "spec": isBroken ? broken : spec]
            return String(decoding: try CanonicalJSON.encode(document), as: UTF8.self)
        }
    }

    static let kinds = [
        Kind(
            name: "Model packaging",
            paths: ["/packaging", "/api/v1/model/packaging"],
            spec: ["artifactName": "wine.zip", "integrationName": "sample"],
            broken: ["artifactName": "wine.zip"]
        ),
        Kind(
            name: "Packaging integration",
            paths: ["/packaging/integration", "/api/v1/packaging/integration"],
            spec: ["entrypoint": "/pack", "defaultImage": "packager:1"],
            broken: ["entrypoint": "/pack"]
        ),
        Kind(
            name: "Connection",
            paths: ["/connection", "/api/v1/connection"],
            spec: ["type": "docker", "uri": "registry.example"],
            broken: ["type": "docker"]
        ),
    ]

    private func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await APIFixture.run { _, client in
            _ = try await client.send(.put, "/artifact/wine.zip", body: "a model")
            try await body(client)
        }
    }

    @Test(arguments: kinds)
    func `Statuses and texts are those of ODAHU`(kind: Kind) async throws {
        try await run { client in
            for path in kind.paths {
                for method in [HTTPRequest.Method.get, .delete] {
                    let unknown = try await client.send(method, path + "/red")
                    #expect(unknown.status == 404)
                    #expect(unknown.json == ["message": "entity \"red\" is not found"])
                }
                let replaced = try await client.send(.put, path, body: kind.body("red"))
                #expect(replaced.status == 404 && replaced.message == "entity \"red\" is not found")
                // Validation comes before existence.
                #expect(try await client.send(.put, path, body: kind.body("red", broken: true)).status == 400)

                let created = try await client.send(.post, path, body: kind.body("red"))
                #expect(created.status == 201 && created.json["id"] == "red")
                let again = try await client.send(.post, path, body: kind.body("red"))
                #expect(again.status == 409 && again.json == ["message": "entity \"red\" already exists"])
                #expect(try await client.send(.post, path, body: kind.body("red", broken: true)).status == 400)
                // The id is in the body; in the URL it may be, too.
                for uri in [path, path + "/red"] {
                    let edited = try await client.send(.put, uri, body: kind.body("red"))
                    #expect(edited.status == 200 && edited.json["createdAt"] == created.json["createdAt"])
                }
                let deleted = try await client.send(.delete, path + "/red")
                #expect(deleted.status == 200)
                #expect(deleted.json == ["message": .string("\(kind.name) red was deleted")])
            }
        }
    }

    @Test(arguments: kinds)
    func `Lists are paged and ordered by id`(kind: Kind) async throws {
        try await run { client in
            for id in ["zc", "za", "zb"] { _ = try await client.send(.post, kind.paths[0], body: kind.body(id)) }
            for path in kind.paths {
                func ids(_ query: String) async throws -> [String] {
                    let reply = try await client.send(.get, path + query)
                    #expect(reply.status == 200)
                    return try #require(reply.json.arrayValue).compactMap { $0["id"]?.stringValue }
                }
                let all = try await ids("")
                #expect(all == all.sorted() && all.suffix(3) == ["za", "zb", "zc"])
                #expect(try await ids("?size=2") == Array(all.prefix(2)))
                #expect(try await ids("?size=1&page=1") == Array(all[1..<2]))
                #expect(try await ids("?page=1") == [])
                #expect(try await ids("?size=0") == [])
                #expect(try await ids("?size=9223372036854775807&page=9223372036854775807") == [])
            }
        }
    }

    @Test(arguments: kinds)
    func `Unknown parameters are refused everywhere`(kind: Kind) async throws {
        try await run { client in
            _ = try await client.send(.post, kind.paths[0], body: kind.body("red"))
            for path in kind.paths {
                for (method, uri) in [
                    (HTTPRequest.Method.get, path), (.get, path + "/red"), (.delete, path + "/red"),
                    (.post, path), (.put, path),
                ] {
                    let body = method == .post || method == .put ? try kind.body("red") : nil
                    let reply = try await client.send(method, uri + "?colour=red", body: body)
                    #expect(reply.status == 400, "\(method) \(uri)")
                    #expect(reply.json == ["message": "cannot find colour url parameter"])
                }
            }
        }
    }

    /// ODAHU looks for the type where packagings have none.
    @Test(arguments: [
        ("type=sample", ["a", "c"]), ("type=other", ["b"]), ("type=sample&type=other", ["a", "b", "c"]),
        ("type=*", ["a", "b", "c"]), ("type=none&type=*", ["a", "b", "c"]), ("type=none", []), ("type=", []),
        ("type=sample&size=1&page=1", ["c"]),
    ])
    func `Packagings are filtered by their integrations`(query: String, expected: [String]) async throws {
        try await run { client in
            try await client.create(
                "/packaging/integration",
                ["id": "other", "spec": ["entrypoint": "built-in", "defaultImage": "built-in"]]
            )
            for (id, integration) in [("a", "sample"), ("b", "other"), ("c", "sample")] {
                let spec: JSONValue = ["artifactName": "wine.zip", "integrationName": .string(integration)]
                try await client.create("/packaging", ["id": .string(id), "spec": spec])
            }
            for path in ["/packaging", "/api/v1/model/packaging"] {
                let list = try await client.send(.get, "\(path)?\(query)").json.arrayValue
                #expect(list?.compactMap { $0["id"]?.stringValue } == expected)
            }
        }
    }

    @Test(arguments: [
        ("type=docker", ["ci"]), ("type=docker&type=file", ["artifacts", "ci", "store"]),
        ("type=*", ["artifacts", "ci", "store"]), ("type=s3", []),
    ])
    func `Connections are filtered by their types`(query: String, expected: [String]) async throws {
        try await run { client in
            try await client.create("/connection", ["id": "ci", "spec": Self.kinds[2].spec])
            let list = try await client.send(.get, "/connection?\(query)").json.arrayValue
            #expect(list?.compactMap { $0["id"]?.stringValue } == expected)
        }
    }
}
