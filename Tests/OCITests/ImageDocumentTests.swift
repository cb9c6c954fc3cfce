import FoundationEssentials
import JSON
import Testing

@testable import OCI

struct ImageDocumentTests {
    /// What the official `python:3.11-slim` image says of itself, shortened.
    static let configuration = """
        {"architecture":"amd64","config":{"Cmd":["python3"],"Env":["PATH=/usr/local/bin:/usr/bin","LANG=C.UTF-8",\
        "PYTHON_VERSION=3.11.9"],"ExposedPorts":{"5000/tcp":{}},"Labels":{"a/b":"c"},"User":"1000:1000","WorkingDir":"/"},\
        "created":"2024-07-02T00:33:33Z","history":[{"created":"2024-07-02T00:33:33.1Z","created_by":"/bin/sh -c #(nop) ADD file:x in / "},\
        {"comment":"buildkit.dockerfile.v0","created_by":"ENV LANG=C.UTF-8","empty_layer":true}],"os":"linux",\
        "rootfs":{"diff_ids":["sha256:e0781bc8667fb5ebf954df4ae52997f6f5568ec9f07e21e5db7c9d324ed41e1f"],"type":"layers"}}
        """

    @Test func aConfigurationComesBackByteForByte() throws {
        let bytes = Data(Self.configuration.utf8)
        let configuration = try CanonicalJSON.decode(ImageConfiguration.self, from: bytes)
        #expect(configuration.config?.variable("LANG") == "C.UTF-8")
        #expect(configuration.config?.variable("PYTHON") == nil)
        #expect(configuration.platform == Platform(architecture: "amd64"))
        #expect(configuration.history?.map(\.emptyLayer) == [nil, true])
        #expect(try String(decoding: CanonicalJSON.encode(configuration), as: UTF8.self) == Self.configuration)
    }

    @Test func theLastVariableCounts() {
        var execution = ImageConfiguration.Execution()
        execution.environment = ["A=1", "A=2=3", "AB=4"]
        #expect(execution.variable("A") == "2=3")
    }

    @Test(arguments: [
        ("linux/amd64", 1), ("linux/arm64", 2), ("linux/arm64/v8", 2), ("linux/arm/v7", 4), ("linux/arm", 3),
        ("windows/amd64", 5), ("linux/s390x", nil),
        ("unknown/unknown", 0),
    ])
    func anIndexGivesThePlatformsManifest(platform: String, choice: Int?) throws {
        let platforms = [
            "unknown/unknown", "linux/amd64", "linux/arm64/v8", "linux/arm/v6", "linux/arm/v7", "windows/amd64",
        ]
        let manifests = platforms.map { text in
            Descriptor(mediaType: .ociManifest, digest: .sha256(of: text.utf8), size: 1, platform: Platform(text))
        }
        let unlabelled = Descriptor(mediaType: .ociManifest, digest: .sha256(of: "x".utf8), size: 1)
        let index = ImageIndex(manifests: [unlabelled] + manifests)
        let wanted = try #require(Platform(platform))
        #expect(index.manifest(for: wanted)?.digest == choice.map { manifests[$0].digest })
    }

    @Test(arguments: ["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux//v7"])
    func otherTextsAreNoPlatform(text: String) {
        #expect(Platform(text) == nil)
    }

    @Test func canonicalJSONDependsOnTheValueAlone() throws {
        let value: JSONValue = ["b": ["/x", 1, 2.5, nil, true, "é\n"], "a": .object([:]), "B": 9_007_199_254_740_993]
        let text = "{\"B\":9007199254740993,\"a\":{},\"b\":[\"/x\",1,2.5,null,true,\"é\\n\"]}"
        #expect(try String(decoding: CanonicalJSON.encode(value), as: UTF8.self) == text)
        #expect(try CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)) == value)
    }

    @Test func dockersTypesHaveEquivalents() {
        for type: MediaType in [
            .dockerManifest, .dockerManifestList, .dockerConfiguration, .dockerLayer, .dockerLayerGzip,
        ] {
            #expect(type.ociEquivalent.rawValue.hasPrefix("application/vnd.oci.image."))
            #expect(type.ociEquivalent.ociEquivalent == type.ociEquivalent)
        }
        #expect(MediaType.dockerManifestList.isIndex && MediaType.ociIndex.isIndex && !MediaType.ociManifest.isIndex)
    }
}
