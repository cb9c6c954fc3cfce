import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import PackagerAPI

/// What programs that were made for ODAHU's Swagger document find in ours. A validator of PyPI's holds both documents to
/// their specifications: Tests/APITests.
struct SwaggerTests {
    private static let definitions: Set = [
        "ModelPackaging", "ModelPackagingSpec", "ModelPackagingStatus", "ModelPackagingResult", "PackagingIntegration",
        "PackagingIntegrationSpec", "PackagingIntegrationStatus", "Schema", "JsonSchema", "Property", "Parameter",
        "Target", "TargetSchema", "Connection", "ConnectionSpec", "ConnectionStatus", "ResourceRequirements",
        "ResourceList", "HTTPResult", "K8sPackager", "PackagerTarget", "UserInfo", "Config",
    ]

    private static let tags = [
        "/api/v1/model/packaging": "Packaging", "/api/v1/packaging/integration": "Packager",
        "/api/v1/connection": "Connection", "/api/v1/configuration": "Configuration", "/api/v1/user/info": "Users",
    ]

    private let swagger: JSONValue
    private let openAPI: JSONValue

    init() throws {
        openAPI = try OpenAPIDocument.value()
        swagger = SwaggerDocument(openAPI).value
    }

    @Test func definitionsAndTagsHaveODAHUsNames() throws {
        let definitions = try #require(swagger["definitions"]?.objectValue)
        #expect(Self.definitions.subtracting(definitions.keys).isEmpty)
        for (path, tag) in Self.tags { #expect(swagger["paths"]?[path]?["get"]?["tags"] == [.string(tag)]) }
        let declared = Set(swagger["tags"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [])
        for operation in try APIDocument().operations {
            #expect(!operation.tags.isEmpty && declared.isSuperset(of: operation.tags), "\(operation.name)")
        }
    }

    /// Fields as ODAHU's documents name them.
    @Test(arguments: [
        ("ModelPackaging", ["id", "createdAt", "updatedAt", "spec", "status"]),
        (
            "ModelPackagingSpec",
            [
                "artifactName", "integrationName", "image", "arguments", "targets", "resources", "outputConnection",
                "nodeSelector",
            ]
        ),
        ("ModelPackagingStatus", ["state", "exitCode", "reason", "message", "results"]),
        ("PackagingIntegrationSpec", ["entrypoint", "defaultImage", "privileged", "schema"]),
        ("TargetSchema", ["name", "connectionTypes", "default", "required"]),
        ("Target", ["name", "connectionName"]),
        (
            "ConnectionSpec",
            [
                "type", "uri", "region", "username", "password", "role", "keyID", "keySecret", "publicKey", "reference",
                "description", "webUILink", "vital",
            ]
        ),
        ("K8sPackager", ["modelHolder", "modelPackaging", "packagingIntegration", "trainingZipName", "targets"]),
    ])
    func definitionsHaveODAHUsFields(name: String, fields: [String]) throws {
        let properties = try #require(swagger["definitions"]?[name]?["properties"]?.objectValue)
        #expect(Set(fields).isSubset(of: properties.keys))
    }

    @Test func everyOperationIsInBothDocuments() throws {
        for (path, item) in try #require(openAPI["paths"]?.objectValue) {
            let own = swagger["paths"]?[path]
            for (method, operation) in item.objectValue ?? [:] where method != "parameters" {
                let responses = try #require(own?[method]?["responses"]?.objectValue)
                #expect(Set(responses.keys) == Set((operation["responses"]?.objectValue ?? [:]).keys))
                let bodies = own?[method]?["parameters"]?.arrayValue?.count { $0["in"] == "body" } ?? 0
                #expect(bodies == (operation["requestBody"] == nil ? 0 : 1))
            }
        }
    }

    @Test func schemasAreThoseOfSwagger() {
        let schema: JSONValue = [
            "type": ["array", "null"], "items": ["$ref": "#/components/schemas/Target"], "minItems": 1,
        ]
        #expect(
            SwaggerSchema.definition(schema) == [
                "type": "array", "x-nullable": true, "items": ["$ref": "#/definitions/Target"], "minItems": 1,
            ]
        )
        #expect(SwaggerSchema.definition(["const": 1, "oneOf": [true]]) == ["enum": [1]])
        #expect(
            SwaggerSchema.definition(["type": "object", "additionalProperties": ["type": "string", "$comment": "x"]])
                == ["type": "object", "additionalProperties": ["type": "string"]]
        )
    }

    @Test func thePageIsOnBoard() async throws {
        try await APIFixture.run { _, client in
            let moved = try await client.send(.get, "/swagger")
            #expect(moved.status == 308 && moved.headers[.location] == "/swagger/index.html")
            let page = try await client.send(.get, "/swagger/index.html")
            #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
            let loaded = page.text.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.output.1) }
            #expect(loaded.count == 5 && loaded.allSatisfy { !$0.contains("/") })
            for (name, type) in [
                ("swagger-ui.css", "text/css; charset=utf-8"), ("favicon-32x32.png", "image/png"),
                ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
                ("initializer.js", "text/javascript; charset=utf-8"),
            ] {
                #expect(loaded.contains(name))
                let file = try await client.send(.get, "/swagger/\(name)")
                #expect(file.status == 200 && file.headers[.contentType] == type && !file.bytes.isEmpty)
                #expect(file.headers[.xContentTypeOptions] == "nosniff")
                let tag = try #require(file.headers[.eTag])
                let known = try await client.send(.get, "/swagger/\(name)", headers: [.ifNoneMatch: tag])
                #expect(known.status == 304 && known.bytes.isEmpty)
            }
            #expect(page.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; script-src 'self';") == true)
            #expect(try await client.send(.get, "/swagger/initializer.js").text.contains(#"url: "openapi.json""#))
            let license = try await client.send(.get, "/swagger/LICENSE")
            #expect(license.text.contains("Apache License"))
            let unknown = try await client.send(.get, "/swagger/doc.html")
            #expect(unknown.status == 404 && unknown.message == "not found: /swagger/doc.html")
        }
    }
}
