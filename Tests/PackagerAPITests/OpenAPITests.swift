import Hummingbird
import HummingbirdTesting
import JSON
import PackagerCore
import Testing

@testable import PackagerAPI

struct OpenAPITests {
    @Test func everyRouteIsInTheDocumentAndNothingElse() async throws {
        let documented = try APIDocument().operations.map(\.name)
        try await APIFixture.run { fixture, _ in
            let routed = routes(service: fixture.service, configuration: fixture.configuration)
                .map { "\($0.method.rawValue) \($0.path)" }
            let registry = RegistryOperation.templates.map { "GET \($0)" }
            #expect(documented.sorted() == (routed + registry).sorted())
        }
    }

    /// The router itself answers each route, and nothing that is not in the list of routes.
    @Test func theRouterHoldsTheListedRoutes() async throws {
        try await APIFixture.run { fixture, _ in
            let images = LayoutCatalog(layout: fixture.service.store, publicHost: "")
            let router = buildRouter(service: fixture.service, images: images, configuration: fixture.configuration)
            let listed = routes(service: fixture.service, configuration: fixture.configuration)
            let paths = Set(listed.map { RouterPath($0.path).description } + ["/v2", "/v2/**"])
            #expect(Set(router.routes.map(\.path.description)) == paths)
            let routed = Set(router.routes.map(\.description))
            for route in listed { #expect(routed.contains("\(route.method) \(RouterPath(route.path))")) }
        }
    }

    @Test func everyOperationHasExamples() throws {
        let document = try APIDocument()
        #expect(document.operations.count > 60)
        for operation in document.operations {
            for parameter in operation.parameters {
                #expect(parameter["example"] != nil, "\(operation.name): \(parameter["name"] ?? .null)")
            }
            for body in operation.bodies where body.content["schema"]?["format"] != "binary" || !body.isReply {
                #expect(body.content["example"] != nil, "\(operation.name): \(body.name)")
            }
        }
    }

    @Test func everyExampleDecodesAsItsEntity() throws {
        var decoded: [String: Int] = [:]
        for body in try APIDocument().operations.flatMap(\.bodies) {
            guard let example = body.content["example"], let schema = body.content["schema"] else { continue }
            let element = schema["items"]?["$ref"] ?? schema["$ref"]
            guard let name = element?.stringValue?.split(separator: "/").last else { continue }
            decoded[String(name), default: 0] += 1
            for value in schema["items"] == nil ? [example] : try #require(example.arrayValue) {
                try Self.decode(value, as: String(name))
            }
        }
        #expect(
            Set(decoded.keys) == [
                "ModelPackaging", "ModelPackagingResult", "Attempt", "PackagingIntegration", "Connection", "Artifact",
                "HTTPResult", "Config", "UserInfo", "PackagingPreview",
            ]
        )
        #expect(decoded["ModelPackaging"] ?? 0 >= 10)
    }

    private static func decode(_ example: JSONValue, as schema: String) throws {
        switch schema {
        case "ModelPackaging": _ = try example.decode(as: ModelPackaging.self)
        case "PackagingPreview": _ = try example.decode(as: PackagingPreview.self)
        case "ModelPackagingResult": _ = try example.decode(as: ModelPackaging.Result.self)
        case "Attempt": _ = try example.decode(as: PackagingAttempt.self)
        case "PackagingIntegration": _ = try example.decode(as: PackagingIntegration.self)
        case "Connection": _ = try example.decode(as: WireConnection.self)
        case "Config": _ = try #require(example["packaging"]).decode(as: PackagingDefaults.self)
        case "Artifact": #expect(example["name"]?.stringValue != nil && example["size"]?.integerValue != nil)
        case "HTTPResult": #expect(example["message"]?.stringValue != nil)
        case "UserInfo": #expect(example["username"]?.stringValue != nil && example["email"]?.stringValue != nil)
        default: Issue.record("no entity is known for the schema \(schema)")
        }
    }

    @Test(arguments: [true, false])
    func everyReferenceLeadsSomewhere(isSwagger: Bool) throws {
        let openAPI = try OpenAPIDocument.value()
        let document = isSwagger ? SwaggerDocument(openAPI).value : openAPI
        let references = Self.references(in: document)
        #expect(references.count > 20)
        for reference in references {
            let target = reference.split(separator: "/").dropFirst().reduce(JSONValue?.some(document)) {
                $0?[String($1)]
            }
            #expect(target != nil, "\(reference)")
        }
    }

    @Test func everyFormIsServed() async throws {
        try await APIFixture.run { _, client in
            let yaml = try await client.send(.get, "/swagger/openapi.yaml")
            #expect(yaml.headers[.contentType] == "application/yaml")
            #expect(yaml.bytes == OpenAPIDocument.yaml)
            let json = try await client.send(.get, "/swagger/openapi.json")
            #expect(json.json["openapi"] == "3.1.0")
            #expect(json.json["paths"]?["/packaging"]?["post"] != nil)
            let swagger = try await client.send(.get, "/swagger/data.json")
            #expect(swagger.json["swagger"] == "2.0")
            #expect(swagger.json["paths"]?["/api/v1/model/packaging"]?["post"] != nil)
        }
    }

    private static func references(in value: JSONValue) -> Set<String> {
        switch value {
        case .array(let elements): Set(elements.flatMap(references))
        case .object(let members):
            Set(members.values.flatMap(references) + [members["$ref"]?.stringValue].compactMap(\.self))
        default: []
        }
    }
}
