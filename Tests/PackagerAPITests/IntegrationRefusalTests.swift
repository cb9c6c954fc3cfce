import HummingbirdTesting
import JSON
import Testing

/// One case for each sentence with which ODAHU refuses an integration, and for what its schema may not say.
///
/// Source: ODAHU 1.6.1, `packaging_integration_validation.go`.
struct IntegrationRefusalTests {
    private static let paths = ["/packaging/integration", "/api/v1/packaging/integration"]
    private static let prefix = "Validation of packaging integration is failed: "
    private static let valid: [String: JSONValue] = ["entrypoint": "/pack", "defaultImage": "packager:1"]

    private static func target(_ name: JSONValue, _ types: JSONValue) -> [String: JSONValue] {
        ["schema": ["targets": [["name": name, "connectionTypes": types]]]]
    }

    private static func schema(_ message: String, _ keyword: JSONValue, _ value: JSONValue) -> Refusal {
        Refusal(
            "arguments have not valid json schema: " + message,
            [
                "schema": [
                    "arguments": ["properties": [["name": "a", "parameters": [["name": keyword, "value": value]]]]]
                ]
            ]
        )
    }

    private static let refusals: [Refusal] = [
        Refusal("ID is not valid; empty \"ID\"", id: ""),
        Refusal("empty entrypoint", ["entrypoint": ""]),
        Refusal("empty defaultImage", ["defaultImage": .null]),
        // ODAHU's own end-to-end test.
        Refusal("empty entrypoint; empty defaultImage", ["entrypoint": .null, "defaultImage": .null]),
        Refusal("one of target has empty name", target("", ["docker"])),
        Refusal("T target must have at least one connection type", target("T", [])),
        Refusal("T target must have at least one connection type", target("T", .null)),
        Refusal("T target have unknown connection type: X", target("T", ["docker", "X"])),
        Refusal(
            """
            ID is not valid; empty entrypoint; one of target has empty name; \
             target must have at least one connection type
            """,
            id: "Wine",
            ["entrypoint": "", "schema": ["targets": [["name": "", "connectionTypes": []]]]]
        ),
        schema("a has the unknown type \"int\"", "type", "int"),
        schema("a has the unknown type 7", "type", ["string", 7]),
        schema("the type of a must be a type or several", "type", []),
        schema("the enum of a must be a list of values", "enum", "x"),
        schema("the minimum of a must be a number", "minimum", "5"),
        schema("the exclusiveMaximum of a must be a number, or true or false", "exclusiveMaximum", "5"),
        schema("the multipleOf of a must be a number greater than 0", "multipleOf", 0),
        schema("the maxLength of a must be a whole number that is not negative", "maxLength", -1),
        schema("the minItems of a must be a whole number that is not negative", "minItems", 1.5),
        schema("the uniqueItems of a must be true or false", "uniqueItems", 1),
        schema("the pattern of a is no regular expression", "pattern", "("),
        schema("the pattern of a must be a string", "pattern", 1),
        schema("the format of a must be a string", "format", 1),
        schema("the required of a must be a list of names", "required", true),
        schema("the properties of a must be an object", "properties", ["b"]),
        schema("a.b has the unknown type \"int\"", "properties", ["b": ["type": "int"]]),
        schema("the pattern \"(\" of a is no regular expression", "patternProperties", ["(": true]),
        schema("a is no schema: a number", "items", 7),
        schema("a has the unknown type \"int\"", "items", [["type": "int"]]),
        schema("the oneOf of a must be a list of schemas", "oneOf", []),
        schema("the dependencies of a must be lists of names or schemas", "dependencies", ["b": [1]]),
        schema("a has the keyword \"$ref\", which is not understood", "not", ["$ref": "#"]),
        schema("a has the keyword \"minimun\", which is not understood", "minimun", 1),
        Refusal(
            "arguments have not valid json schema: a property has no name",
            [
                "schema": ["arguments": ["properties": [["name": ""]]]]
            ]
        ),
    ]

    @Test("Refusals have ODAHU's words", arguments: refusals)
    func refusal(_ refusal: Refusal) async throws {
        try await APIFixture.run { _, client in
            try await client.expectRefusal(
                refusal.document(from: Self.valid),
                at: Self.paths,
                Self.prefix + refusal.message
            )
        }
    }

    /// Null members, ODAHU's own connection types, and what only tells people something.
    @Test(
        arguments: [
            [:],
            ["schema": .null],
            ["schema": ["targets": .null, "arguments": .null]],
            ["schema": ["targets": [.null], "arguments": ["required": .null, "properties": [.null]]]],
            target("T", ["s3", "gcs", "azureblob", "git", "docker", "ecr", "file"]),
            [
                "schema": [
                    "arguments": [
                        "properties": [
                            [
                                "name": "a",
                                "parameters": [
                                    ["name": "description", "value": "text"], ["name": "default", "value": .null],
                                    ["name": "title"], ["name": "x-order", "value": 1],
                                    ["name": "format", "value": "password"],
                                ],
                            ]
                        ]
                    ]
                ]
            ],
        ] as [[String: JSONValue]]
    )
    func `What is fine is accepted`(spec: [String: JSONValue]) async throws {
        try await APIFixture.run { _, client in
            try await client.create(
                "/packaging/integration",
                ["id": "own", "kind": "PackagingIntegration", "spec": .object(Self.valid.merging(spec) { $1 })]
            )
        }
    }
}
