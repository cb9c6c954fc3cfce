import HTTPTypes
import HummingbirdTesting
import JSON
import PackagerCore
import Testing

/// One case for each sentence with which ODAHU refuses a packaging, to the letter.
///
/// Source: ODAHU 1.6.1, `model_packaging_validation.go`.
struct PackagingRefusalTests {
    private static let paths = ["/packaging", "/api/v1/model/packaging"]
    private static let prefix = "Validation of model packaging is failed: "

    private static let integration: JSONValue = [
        "id": "demo",
        "spec": [
            "entrypoint": "built-in", "defaultImage": "odahu/packagers:1",
            "schema": [
                "targets": [
                    ["name": "docker-push", "connectionTypes": ["docker", "ecr"], "required": true],
                    ["name": "docker-pull", "connectionTypes": ["docker", "ecr"], "required": false],
                ],
                "arguments": [
                    "required": ["argument-1"],
                    "properties": [
                        property("argument-1", ["type": "integer", "minimum": 5]),
                        property("port", ["type": "integer", "maximum": 65535]),
                        property("x", ["type": "string", "enum": ["a", "b"]]),
                        property("tag", ["type": "string", "pattern": "^v", "minLength": 2, "maxLength": 4]),
                        property("step", ["type": "number", "multipleOf": 5]),
                    ],
                ],
            ],
        ],
    ]

    private static let valid: [String: JSONValue] = [
        "artifactName": "wine.zip", "integrationName": "demo", "arguments": ["argument-1": 5],
        "targets": [["name": "docker-push", "connectionName": "ci"]],
    ]

    private static func property(_ name: JSONValue, _ schema: [String: JSONValue]) -> JSONValue {
        ["name": name, "parameters": .array(schema.map { ["name": .string($0.key), "value": $0.value] })]
    }

    /// A server with the integration, the artifact and two connections.
    private static func run(
        configure: @Sendable (inout PackagerConfiguration) -> Void = { $0.nodePools = [["mode": "packaging"]] },
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await APIFixture.run(configureService: configure) { _, client in
            _ = try await client.send(.put, "/artifact/wine.zip", body: "a model")
            try await client.create("/packaging/integration", integration)
            try await client.create(
                "/connection",
                ["id": "ci", "spec": ["type": "docker", "uri": "registry.example"]]
            )
            try await client.create("/connection", ["id": "repo", "spec": ["type": "git", "uri": "git@host:o/r.git"]])
            try await body(client)
        }
    }

    private static let quantity =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

    private static func arguments(_ errors: String, _ arguments: JSONValue) -> Refusal {
        Refusal("argument validation is failed: [\(errors)]", ["arguments": arguments])
    }

    private static let refusals: [Refusal] = [
        Refusal("ID is not valid; empty \"ID\"", id: ""),
        Refusal("ID is not valid; empty \"ID\"", id: .null),
        Refusal("empty artifactName", ["artifactName": ""]),
        Refusal("empty integrationName", ["integrationName": ""]),
        Refusal("packaging integration with name .spec.integrationName = \"X\" is not found", ["integrationName": "X"]),
        Refusal(
            "cannot find T target in packaging integration demo",
            [
                "targets": [
                    ["name": "docker-push", "connectionName": "ci"], ["name": "T", "connectionName": "ci"],
                ]
            ]
        ),
        // The second of two of one name is not looked for any more.
        Refusal(
            "cannot find docker-push target in packaging integration demo",
            [
                "targets": [
                    ["name": "docker-push", "connectionName": "ci"], ["name": "docker-push", "connectionName": "ci"],
                ]
            ]
        ),
        Refusal("entity \"C\" is not found", ["targets": [["name": "docker-push", "connectionName": "C"]]]),
        Refusal(
            "docker-push target has not valid connection type git for packaging integration demo",
            [
                "targets": [["name": "docker-push", "connectionName": "repo"]]
            ]
        ),
        Refusal("[docker-push] are required targets", ["targets": []]),
        Refusal("[docker-push] are required targets", ["targets": .null]),
        Refusal(
            "\"Spec.\"OutputConnection\"\" validation errors: entity \"X\" is not found",
            [
                "outputConnection": "X"
            ]
        ),
        Refusal(
            "node selector map[mode:invalid] is not presented in ODAHU config",
            [
                "nodeSelector": ["mode": "invalid"]
            ]
        ),
        Refusal(
            "node selector map[mode:packaging zone:a] is not presented in ODAHU config",
            [
                "nodeSelector": ["zone": "a", "mode": "packaging"]
            ]
        ),
        Refusal("validation of cpu limit is failed: \(quantity)", ["resources": ["limits": ["cpu": "x"]]]),
        Refusal("validation of memory limit is failed: \(quantity)", ["resources": ["limits": ["memory": "Gi"]]]),
        Refusal("validation of gpu limit is failed: \(quantity)", ["resources": ["limits": ["gpu": "1 2"]]]),
        Refusal("validation of cpu request is failed: \(quantity)", ["resources": ["requests": ["cpu": "1x"]]]),
        Refusal(
            "validation of memory request is failed: \(quantity)",
            [
                "resources": ["requests": ["memory": "1.2.3"]]
            ]
        ),
        Refusal("validation of gpu request is failed: \(quantity)", ["resources": ["requests": ["gpu": "one"]]]),
        Refusal(
            "resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit",
            [
                "resources": ["limits": ["cpu": 1], "requests": ["cpu": 2]]
            ]
        ),
        Refusal(
            "resources.requests: Invalid value: \"1Gi\": must be less than or equal to memory limit",
            [
                "resources": ["limits": ["memory": "512Mi"], "requests": ["memory": "1Gi"]]
            ]
        ),
        Refusal(
            "resources.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0",
            [
                "resources": ["limits": ["cpu": "-1"]]
            ]
        ),
        arguments("port: Invalid type. Expected: integer, given: string", ["argument-1": 5, "port": "5000"]),
        arguments("(root): Additional property foo is not allowed", ["argument-1": 5, "foo": 1]),
        arguments("(root): argument-1 is required", [:]),
        arguments("(root): argument-1 is required", .null),
        arguments("argument-1: Must be greater than or equal to 5", ["argument-1": 4]),
        arguments("port: Must be less than or equal to 65535", ["argument-1": 5, "port": 65536]),
        arguments("x: x must be one of the following: \"a\", \"b\"", ["argument-1": 5, "x": "c"]),
        arguments("tag: Does not match pattern '^v'", ["argument-1": 5, "tag": "xx"]),
        arguments("tag: String length must be greater than or equal to 2", ["argument-1": 5, "tag": "v"]),
        arguments("tag: String length must be less than or equal to 4", ["argument-1": 5, "tag": "v1234"]),
        arguments("step: Must be a multiple of 5", ["argument-1": 5, "step": 7]),
        // ODAHU's own end-to-end test.
        Refusal("empty artifactName; empty integrationName", ["artifactName": .null, "integrationName": .null]),
        // Everything at once, in ODAHU's order.
        Refusal(
            """
            ID is not valid; empty artifactName; validation of cpu limit is failed: \(quantity); \
            "Spec."OutputConnection"" validation errors: entity "X" is not found; \
            node selector map[mode:invalid] is not presented in ODAHU config; \
            resources.requests: Invalid value: "3": must be less than or equal to memory limit; \
            argument validation is failed: [(root): Additional property foo is not allowed \
            argument-1: Invalid type. Expected: integer, given: string]; \
            cannot find T target in packaging integration demo; [docker-push] are required targets
            """,
            id: "1wine",
            [
                "artifactName": "", "outputConnection": "X", "nodeSelector": ["mode": "invalid"],
                "resources": ["limits": ["cpu": "x", "memory": 2], "requests": ["memory": 3]],
                "arguments": ["foo": 1, "argument-1": "5"],
                "targets": [["name": "T", "connectionName": "ci"]],
            ]
        ),
    ]

    @Test("Refusals have ODAHU's words", arguments: refusals)
    func refusal(_ refusal: Refusal) async throws {
        try await Self.run { client in
            try await client.expectRefusal(
                refusal.document(from: Self.valid),
                at: Self.paths,
                Self.prefix + refusal.message
            )
            #expect(try await client.send(.get, "/packaging").json == [])
        }
    }

    /// What the refusals differ from is accepted.
    @Test func `The valid document is valid`() async throws {
        try await Self.run { client in
            var document = Self.valid
            document["nodeSelector"] = ["mode": "packaging"]
            try await client.create("/packaging", ["id": "wine", "spec": .object(document)])
            let configuration = try await client.send(.get, "/configuration").json["packaging"]
            #expect(configuration?["nodePools"] == [["nodeSelector": ["mode": "packaging"]]])
        }
    }

    @Test func `Without node pools every node selector is as good`() async throws {
        try await Self.run(configure: { _ in }) { client in
            var document = Self.valid
            document["nodeSelector"] = ["mode": "gpu", "number": 1, "none": .null]
            try await client.create("/packaging", ["id": "wine", "spec": .object(document)])
            let selector = try await client.send(.get, "/packaging/wine").json["spec"]?["nodeSelector"]
            #expect(selector == ["mode": "gpu", "number": "1"])
        }
    }

    @Test func `Without a default the output connection has to be named`() async throws {
        try await Self.run(configure: { $0.outputConnection = "" }) { client in
            try await client.expectRefusal(
                ["id": "wine", "spec": .object(Self.valid)],
                at: Self.paths,
                Self.prefix + "\"Spec.\"OutputConnection\"\" validation errors: empty \"OutputConnection\""
            )
        }
    }
}
