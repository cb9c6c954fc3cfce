import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

/// One case for each sentence with which ODAHU refuses a connection, to the letter.
///
/// Source: ODAHU 1.6.1, `connection_validation.go`.
struct ConnectionRefusalTests {
    private static let paths = ["/connection", "/api/v1/connection"]
    private static let prefix = "Validation of connection is failed: "
    private static let ecrHost = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"

    /// Valid specs by their types; every secret is base64.
    private static let valid: [String: [String: JSONValue]] = [
        "s3": ["uri": "s3://bucket/dir/", "region": "eu-central-1", "keyID": "YQ==", "keySecret": "YQ=="],
        "gcs": ["uri": "gs://bucket/dir", "region": "eu", "keySecret": "e30="],
        "azureblob": ["uri": "bucket/dir", "keySecret": "YQ=="],
        "git": ["uri": "git@host:org/repo.git", "keySecret": "YQ==", "publicKey": "YQ=="],
        "docker": ["uri": "gcr.io/project/odahuflow", "username": "u", "password": "YQ=="],
        "ecr": ["uri": .string(ecrHost + "/team"), "keyID": "YQ==", "keySecret": "YQ=="],
        "file": ["uri": "artifacts"],
    ]

    private static func refusal(_ message: String, id: JSONValue? = nil, _ type: String, _ spec: [String: JSONValue])
        -> Refusal
    {
        var all = (valid[type] ?? ["uri": "x"]).merging(spec) { $1 }
        all["type"] = .string(type)
        return Refusal(message, id: id, all)
    }

    private static let illegal = "must be base64-encoded, error: illegal base64 data at input byte"

    private static let refusals: [Refusal] = [
        refusal("password \(illegal) 0", "docker", ["password": "*****"]),
        refusal("key secret \(illegal) 4", "s3", ["keySecret": "Zm9v*"]),
        refusal("key id \(illegal) 0", "s3", ["keyID": "*"]),
        refusal("public key \(illegal) 0", "git", ["publicKey": "?"]),
        refusal(
            "password \(illegal) 0; key secret \(illegal) 0; key id \(illegal) 0; public key \(illegal) 0; ID is not valid",
            id: "A",
            "ecr",
            [
                "password": "?", "keySecret": "?", "keyID": "?", "publicKey": "?",
            ]
        ),
        // ODAHU's own end-to-end test.
        refusal("ID is not valid; empty \"ID\"; empty uri", id: "", "git", ["uri": ""]),
        refusal("empty uri", "ecr", ["uri": .null]),
        refusal("unknown type: X. Supported types: [s3 gcs azureblob git docker ecr file]", "X", [:]),
        refusal("unknown type: . Supported types: [s3 gcs azureblob git docker ecr file]", "", [:]),
        refusal("docker type requires the password parameter", "docker", ["password": ""]),
        refusal("docker type requires the username parameter", "docker", ["username": .null]),
        refusal("s3 type requires that region must be non-empty", "s3", ["region": ""]),
        refusal("s3 type does not support role parameter yet", "s3", ["role": "admin"]),
        refusal("s3 type requires that keyID and keySecret parameters must be non-empty", "s3", ["keyID": ""]),
        refusal("s3 type requires that keyID and keySecret parameters must be non-empty", "s3", ["keySecret": ""]),
        refusal("gcs type requires that region must be non-empty", "gcs", ["region": ""]),
        refusal("gcs type does not support role parameter yet must be non-empty", "gcs", ["role": "admin"]),
        refusal("gcs type requires that keySecret parameter must be non-empty", "gcs", ["keySecret": ""]),
        refusal(
            "azureblob type requires that keySecret parameter contains HTTP endpoint with SAS Token",
            "azureblob",
            ["keySecret": ""]
        ),
        refusal("ecr type requires that keyID and keySecret parameters must be non-empty", "ecr", ["keyID": ""]),
        refusal(
            """
            not valid uri for ecr type: it must be a registry's host and an optional path, such as \
            123456789012.dkr.ecr.eu-central-1.amazonaws.com/team
            """,
            "ecr",
            ["uri": "user:secret@registry.example"]
        ),
        refusal(
            "can not extract the public SSH host key from URI: there is no host in it",
            "git",
            [
                "uri": "repository", "publicKey": "",
            ]
        ),
        refusal(
            """
            empty uri; s3 type requires that region must be non-empty; s3 type does not support role parameter yet; \
            s3 type requires that keyID and keySecret parameters must be non-empty
            """,
            "s3",
            ["uri": "", "region": "", "role": "x", "keyID": ""]
        ),
    ]

    @Test("Refusals have ODAHU's words", arguments: refusals)
    func refusal(_ refusal: Refusal) async throws {
        try await APIFixture.run { _, client in
            try await client.expectRefusal(
                refusal.document(from: [:]),
                at: Self.paths,
                Self.prefix + refusal.message
            )
        }
    }

    /// What the refusals differ from is accepted, and its secrets come back masked.
    @Test(arguments: valid.keys.sorted())
    func `Every type of connection is kept`(type: String) async throws {
        try await APIFixture.run { _, client in
            var spec = Self.valid[type] ?? [:]
            spec["type"] = .string(type)
            spec["reference"] = "develop"
            spec["webUILink"] = "https://example.org"
            try await client.create("/connection", ["id": "own", "kind": "Connection", "spec": .object(spec)])
            let list = try await client.send(.get, "/connection?type=\(type)").json
            let stored = try #require(list.arrayValue?.first { $0["id"] == "own" }?["spec"])
            for (name, value) in spec {
                let isMasked = ["password", "keyID", "keySecret"].contains(name)
                #expect(stored[name] == (isMasked ? "*****" : value))
            }
            if type == "ecr" { #expect(stored["region"] == "eu-central-1") }
            let clear = try await client.send(.get, "/connection/own/decrypted").json["spec"]
            #expect(clear?["keySecret"] == spec["keySecret"])
        }
    }

    /// `^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`
    @Test(arguments: [
        ("a", true), ("a1", true), ("a-b", true), ("a--b", true), ("abc", true),
        ("1a", false), ("-a", false), ("a-", false), ("A", false), ("a_b", false), ("a.b", false), ("ä", false),
        ("a b", false), ("a\n", false), ("a\u{0}", false),
    ])
    func `Ids are of letters, digits and hyphens`(id: String, isValid: Bool) async throws {
        try await APIFixture.run { _, client in
            let document: JSONValue = ["id": .string(id), "spec": ["type": "file", "uri": "artifacts"]]
            if isValid {
                try await client.create("/connection", document)
                #expect(try await client.send(.get, "/connection/\(id)").json["id"]?.stringValue == id)
            } else {
                try await client.expectRefusal(document, at: Self.paths, Self.prefix + "ID is not valid")
            }
        }
    }

    @Test(arguments: [(63, true), (64, false)])
    func `Ids have at most 63 characters`(count: Int, isValid: Bool) async throws {
        try await APIFixture.run { _, client in
            let id = String(repeating: "a", count: count)
            let body = #"{"id": "\#(id)", "spec": {"type": "file", "uri": "artifacts"}}"#
            let reply = try await client.send(.post, "/connection", body: body)
            #expect(reply.status == (isValid ? 201 : 400))
        }
    }
}
