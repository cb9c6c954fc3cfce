import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

/// What clients send beside and in place of what is asked for, and what is kept of it.
struct LenientDocumentTests {
    private static let packaging = #""id": "wine", "spec": {"artifactName": "wine.zip", "integrationName": "sample""#

    /// The document's text, the name of a member of its spec, and what the reply has there; nil for nothing.
    @Test(
        arguments: [
            // Nulls for what is not set, as the Python client sends them.
            (#"{\#(packaging), "arguments": null}}"#, "arguments", JSONValue.null),
            (#"{\#(packaging), "arguments": {"imageName": null}}}"#, "arguments", [:]),
            (#"{\#(packaging), "targets": [null]}}"#, "targets", [["name": "docker-push", "connectionName": "store"]]),
            (#"{\#(packaging), "image": null}}"#, "image", "built-in"),
            (#"{\#(packaging), "outputConnection": null}}"#, "outputConnection", "artifacts"),
            (#"{\#(packaging), "nodeSelector": null}}"#, "nodeSelector", nil),
            (#"{\#(packaging), "nodeSelector": {}}}"#, "nodeSelector", [:]),
            (
                #"{\#(packaging), "nodeSelector": {"a": null, "b": 2, "c": true}}}"#, "nodeSelector",
                ["b": "2", "c": "true"]
            ),
            (
                #"{\#(packaging), "resources": null}}"#, "resources",
                ["limits": ["cpu": "2", "memory": "2Gi"], "requests": ["cpu": "1", "memory": "1Gi"]]
            ),
            (
                #"{\#(packaging), "resources": {"limits": null, "requests": {"cpu": null}}}}"#, "resources",
                ["requests": [:]]
            ),
            // Numbers where strings belong, as YAML has them.
            (#"{\#(packaging), "resources": {"limits": {"cpu": 1}}}}"#, "resources", ["limits": ["cpu": "1"]]),
            (#"{\#(packaging), "resources": {"limits": {"cpu": 0.5}}}}"#, "resources", ["limits": ["cpu": "0.5"]]),
            (#"{\#(packaging), "resources": {"limits": {"memory": 2.0}}}}"#, "resources", ["limits": ["memory": "2"]]),
            // What nobody knows, at every level, and what only the server sets.
            (#"{"kind": "ModelPackaging", "_comment": [1], \#(packaging), "stray": {"a": 1}}}"#, "stray", nil),
            (
                #"{\#(packaging), "resources": {"limits": {"cpu": "1", "tpu": 1}}}}"#, "resources",
                ["limits": ["cpu": "1"]]
            ),
            (
                #"{\#(packaging), "targets": [{"name": "docker-push", "connectionName": "store", "x": 1}]}}"#,
                "targets",
                [["name": "docker-push", "connectionName": "store"]]
            ),
            (
                #"{"status": {"state": "succeeded", "results": 7}, "createdAt": 1, "updatedAt": "x", \#(packaging)}}"#,
                "artifactName", "wine.zip"
            ),
        ] as [(String, String, JSONValue?)]
    )
    func `Packagings`(body: String, member: String, kept: JSONValue?) async throws {
        try await APIFixture.run { _, client in
            _ = try await client.send(.put, "/artifact/wine.zip", body: "a model")
            let created = try await client.send(.post, "/packaging", body: body)
            #expect(created.status == 201, "\(created.text)")
            #expect(created.json["spec"]?[member] == kept)
            #expect(created.json["kind"] == nil && created.json["_comment"] == nil)
            #expect(created.json["status"] == ["state": "unknown"])
            #expect(created.json["createdAt"] == created.json["updatedAt"])
            let stored = try await client.send(.get, "/packaging/wine").json
            #expect(stored["spec"] == created.json["spec"] && stored["createdAt"] == created.json["createdAt"])
        }
    }

    @Test(
        arguments: [
            (
                #"{"kind": "Connection", "id": "c", "spec": {"type": "file", "uri": "store", "username": null, "x": 1}}"#,
                [:]
            ),
            (#"{"id": "c", "spec": {"type": "file", "uri": "store", "region": "", "vital": null}}"#, [:]),
            (#"{"id": "c", "status": {"secretName": "s"}, "spec": {"type": "file", "uri": "store"}}"#, [:]),
            (#"{"id": "c", "spec": {"type": "file", "uri": "store", "reference": 1.5}}"#, ["reference": "1.5"]),
            (#"{"id": "c", "spec": {"type": "file", "uri": "store", "vital": true}}"#, ["vital": true]),
        ] as [(String, [String: JSONValue])]
    )
    func `Connections`(body: String, kept: [String: JSONValue]) async throws {
        try await APIFixture.run { _, client in
            let created = try await client.send(.post, "/connection", body: body)
            #expect(created.status == 201, "\(created.text)")
            let plain: [String: JSONValue] = ["type": "file", "uri": "store"]
            #expect(created.json["spec"] == .object(plain.merging(kept) { $1 }))
            #expect(created.json["status"] == [:] && created.json["kind"] == nil)
        }
    }
}
