import Foundation
import JSON
import Testing

@testable import PackagerCore

@Suite struct EntityCodingTests {
    @Test func nullsKindsAndUnknownFieldsAreIgnored() throws {
        let text = """
            {"kind": "ModelPackaging", "_comment": 1, "id": "wine", "createdAt": null, "updatedAt": null, "status": null,
             "spec": {"artifactName": "a.zip", "integrationName": "docker-rest", "image": null, "arguments": null,
              "targets": null, "nodeSelector": null, "outputConnection": null, "stray": {},
              "resources": {"limits": {"cpu": 2, "memory": "2Gi", "gpu": null}, "requests": null}}}
            """
        let packaging: ModelPackaging = try CanonicalJSON.decode(from: Data(text.utf8))
        #expect(packaging.id == "wine")
        #expect(packaging.spec.arguments == nil)
        #expect(packaging.spec.targets == nil)
        #expect(packaging.spec.resources?.limits?.cpu == "2")
        #expect(packaging.status == nil)
    }

    @Test func anEmptyDocumentIsAnEmptyEntity() throws {
        let packaging: ModelPackaging = try CanonicalJSON.decode(from: Data("{}".utf8))
        #expect(packaging.id.isEmpty && packaging.spec.artifactName.isEmpty && packaging.spec.integrationName.isEmpty)
        let connection: Connection = try CanonicalJSON.decode(from: Data(#"{"spec": {"password": 1234}}"#.utf8))
        #expect(connection.spec.password == "1234" && connection.spec.uri.isEmpty)
        let integration: PackagingIntegration = try CanonicalJSON.decode(
            from: Data(#"{"id": "x", "spec": {"schema": {"targets": null, "arguments": {"properties": null}}}}"#.utf8)
        )
        #expect(integration.spec.schema.targets == nil)
    }

    @Test func absentArgumentsAndTargetsAreWrittenAsNull() throws {
        let value = try JSONValue(encoding: ModelPackaging.sample())
        #expect(value["spec"]?["arguments"] == .null)
        #expect(value["spec"]?["targets"] == .null)
        #expect(value["spec"]?["image"] == nil)
        #expect(try JSONValue(encoding: SampleIntegration().definition)["status"] == [:])
    }

    @Test func aPackagingSurvivesTheWire() throws {
        var packaging = ModelPackaging.sample()
        packaging.createdAt = RFC3339.now()
        packaging.spec.arguments = ["port": 5000, "ratio": 0.5, "list": ["a", nil]]
        packaging.spec.targets = [.init(name: "docker-push", connectionName: "store")]
        packaging.status = ModelPackaging.Status(state: .succeeded)
        packaging.status?.finishedAt = RFC3339.now()
        packaging.status?.results = [.init(name: "image", value: "wine:1")]
        #expect(try CanonicalJSON.decode(from: CanonicalJSON.encode(packaging)) == packaging)
    }

    @Test(arguments: [
        ("2021-08-01T10:00:00Z", 1_627_812_000.0),
        ("2021-08-01T10:00:00.123456789Z", 1_627_812_000.123456789),
        ("2021-08-01T12:00:00.5+02:00", 1_627_812_000.5),
    ])
    func datesAreReadWithAnyFractionAndOffset(text: String, seconds: Double) throws {
        let date = try #require(RFC3339.parse(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-6)
        #expect(RFC3339.format(Date(timeIntervalSince1970: 1_627_812_000.123)) == "2021-08-01T10:00:00.123Z")
    }

    @Test(arguments: ["", "yesterday", "2021-08-01", "2021-08-01T10:00:00.Z"])
    func whatIsNoDateIsNone(text: String) { #expect(RFC3339.parse(text) == nil) }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "Grüße\n"])
    func base64IsThatOfFoundation(text: String) throws {
        #expect(Base64.encode(text) == Data(text.utf8).base64EncodedString())
        #expect(try Base64.decode(Base64.encode(text)) == text)
    }

    // What Go's encoding/base64 says of the same strings.
    @Test(arguments: [
        ("*****", 0), ("Zm9v*", 4), ("Zm9", 0), ("Zm", 0), ("Zg=", 3), ("Zg==x", 4), ("Zm8=Zg==", 4), ("Z", 0),
        ("=", 0),
        ("Zg=x", 2),
    ])
    func illegalBase64IsLocatedAsGoDoes(text: String, offset: Int) {
        let error = #expect(throws: Base64.IllegalData.self) { try Base64.decode(text) }
        #expect(error?.offset == offset)
    }
}
