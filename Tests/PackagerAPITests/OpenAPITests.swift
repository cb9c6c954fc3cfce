import Hummingbird
import HummingbirdTesting
import JSON
import PackagerCore
import Testing

@testable import PackagerAPI

struct OpenAPITests {
    private static let methods: Set = ["get", "put", "post", "delete", "patch", "head", "options"]

    @Test func everyRouteIsInTheDocumentAndNothingElse() async throws {
        let documented = try #require(try OpenAPIDocument.value()["paths"]?.objectValue).flatMap { path, item in
            Set((item.objectValue ?? [:]).keys).intersection(Self.methods).map { "\($0.uppercased()) \(path)" }
        }
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

    @Test func everyExampleDecodesAsItsEntity() throws {
        let document = try OpenAPIDocument.value()
        var decoded: [String: Int] = [:]
        for (schema, example) in Self.examples(in: document) {
            decoded[schema, default: 0] += 1
            switch schema {
            case "ModelPackaging": _ = try example.decode(as: ModelPackaging.self)
            case "PackagingIntegration": _ = try example.decode(as: PackagingIntegration.self)
            case "Connection": _ = try example.decode(as: WireConnection.self)
            case "PackagingPreview": _ = try example.decode(as: PackagingPreview.self)
            case "Artifact": #expect(example["name"]?.stringValue != nil && example["size"]?.integerValue != nil)
            case "Message": #expect(example["message"]?.stringValue != nil)
            default: Issue.record("no entity is known for the schema \(schema)")
            }
        }
        let schemas: Set = [
            "ModelPackaging", "PackagingPreview", "PackagingIntegration", "Connection", "Artifact", "Message",
        ]
        #expect(Set(decoded.keys) == schemas)
        #expect(decoded["ModelPackaging"] ?? 0 >= 4)
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        let document = try OpenAPIDocument.value()
        let references = Self.references(in: document)
        #expect(references.count > 10)
        for reference in references {
            let target = reference.split(separator: "/").dropFirst().reduce(JSONValue?.some(document)) {
                $0?[String($1)]
            }
            #expect(target != nil, "\(reference)")
        }
    }

    @Test func bothFormsAreServed() async throws {
        try await APIFixture.run { _, client in
            let yaml = try await client.send(.get, "/swagger/openapi.yaml")
            #expect(yaml.headers[.contentType] == "application/yaml")
            #expect(yaml.bytes == OpenAPIDocument.yaml)
            let json = try await client.send(.get, "/swagger/data.json")
            #expect(json.json["openapi"] == "3.1.0")
            #expect(json.json["paths"]?["/packaging"]?["post"] != nil)
        }
    }

    /// Every `example` beside a `schema` that is a reference.
    private static func examples(in value: JSONValue) -> [(String, JSONValue)] {
        switch value {
        case .array(let elements): return elements.flatMap(examples)
        case .object(let members):
            let below = members.values.flatMap(examples)
            guard let example = members["example"], let schema = members["schema"]?["$ref"]?.stringValue else {
                return below
            }
            return below + [(String(schema.split(separator: "/").last ?? ""), example)]
        default: return []
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
