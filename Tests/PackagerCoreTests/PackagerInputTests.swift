import Containers
import FoundationEssentials
import JSON
import Testing

@testable import PackagerCore

@Suite struct PackagerInputTests {
    /// The document that ODAHU 1.6.1 gives a packager, but for the times.
    @Test func isWhatODAHUsPackagersRead() throws {
        var connection = Connection(
            id: "docker-ci",
            spec: Connection.Spec(type: "docker", uri: "registry.example/team")
        )
        connection.spec.username = "ci"
        connection.spec.password = "in clear text"
        var packaging = ModelPackaging(id: "wine", spec: .init(artifactName: "wine.zip", integrationName: "mine"))
        packaging.spec.image = "example/packager:1"
        packaging.spec.arguments = ["workers": 4]
        packaging.spec.targets = [.init(name: "docker-push", connectionName: "docker-ci")]
        packaging.spec.resources = .init(limits: .init(cpu: "2", memory: "2Gi"), requests: nil)
        packaging.spec.outputConnection = "models-output"
        let integration = PackagingIntegration(
            id: "mine",
            spec: .init(
                entrypoint: "/pack",
                defaultImage: "example/packager:1",
                schema: .init(
                    targets: [.init(name: "docker-push", connectionTypes: ["docker"], default: "", required: true)],
                    arguments: .init(properties: [.init("workers", ["type": "integer"])])
                )
            )
        )
        let input = PackagerInput(
            modelHolder: Connection(id: "models-output", spec: Connection.Spec(type: "file", uri: "artifacts")),
            modelPackaging: packaging,
            packagingIntegration: integration,
            trainingZipName: "wine.zip",
            targets: [.init(name: "docker-push", connection: connection)]
        )
        let expected: JSONValue = [
            "modelHolder": ["id": "models-output", "spec": ["type": "file", "uri": "artifacts"], "status": [:]],
            "modelPackaging": [
                "id": "wine",
                "spec": [
                    "artifactName": "wine.zip", "integrationName": "mine", "image": "example/packager:1",
                    "arguments": ["workers": 4],
                    "targets": [["name": "docker-push", "connectionName": "docker-ci"]],
                    "resources": ["limits": ["cpu": "2", "memory": "2Gi"]], "outputConnection": "models-output",
                ],
            ],
            "packagingIntegration": [
                "id": "mine",
                "spec": [
                    "entrypoint": "/pack", "defaultImage": "example/packager:1",
                    "schema": [
                        "targets": [
                            ["name": "docker-push", "connectionTypes": ["docker"], "default": "", "required": true]
                        ],
                        "arguments": [
                            "properties": [["name": "workers", "parameters": [["name": "type", "value": "integer"]]]]
                        ],
                    ],
                ],
                "status": [:],
            ],
            "trainingZipName": "wine.zip",
            "targets": [
                [
                    "name": "docker-push",
                    "connection": [
                        "id": "docker-ci",
                        "spec": [
                            "type": "docker", "uri": "registry.example/team", "username": "ci",
                            "password": "in clear text",
                        ],
                        "status": [:],
                    ],
                ]
            ],
        ]
        #expect(try JSONValue(encoding: input) == expected)
        #expect(try CanonicalJSON.decode(PackagerInput.self, from: CanonicalJSON.encode(expected)) == input)
    }
}

@Suite struct PackagerResultsTests {
    @Test func theImageComesFirst() throws {
        let text = #"{"digest": "sha256:1", "image": "wine:1", "count": 4, "ratio": 0.5, "done": true}"#
        let results = try PackagerResults.read(Array(text.utf8))
        #expect(results.map(\.name) == ["image", "count", "digest", "done", "ratio"])
        #expect(results.map(\.value) == ["wine:1", "4", "sha256:1", "true", "0.5"])
        #expect(try PackagerResults.read(Array("{}".utf8)) == [])
    }

    @Test(
        arguments: [
            (nil, "left none"), ("", "not JSON"), ("{", "not JSON"), ("[]", "holds a list"),
            ("\"x\"", "holds a string"),
            ("null", "holds null"), (#"{"image": null}"#, "\"image\" is null"), (#"{"a": {}}"#, "\"a\" is an object"),
            (#"{"a": ["b"]}"#, "\"a\" is a list"), ("\u{0}\u{1}", "not JSON"),
        ] as [(String?, String)]
    )
    func whatGivesNoResultsIsTold(text: String?, words: String) {
        let error = #expect(throws: PackagingError.self) { try PackagerResults.read(text.map { Array($0.utf8) }) }
        #expect(error?.code == .noResults)
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func tooManyAreRefused() throws {
        let many = Dictionary(uniqueKeysWithValues: (0..<101).map { ("n\($0)", "v") })
        let bytes = Array(try CanonicalJSON.encode(many))
        #expect(throws: PackagingError.self) { try PackagerResults.read(bytes) }
    }
}

@Suite struct ResourceLimitTests {
    @Test(
        arguments: [
            ("2", 2), ("500m", 0.5), ("1.5", 1.5), ("0", nil), ("-1", nil), ("lots", nil), ("1e400", nil), (nil, nil),
        ] as [(String?, Double?)]
    )
    func processorsAreQuantities(text: String?, expected: Double?) {
        let resources = ResourceRequirements(limits: .init(cpu: text), requests: .init(cpu: text))
        #expect(resources.containerLimits.cpus == expected)
        #expect(resources.containerLimits.cpuRequest == expected)
    }

    @Test(
        arguments: [
            ("2Gi", 2_147_483_648), ("1G", 1_000_000_000), ("128974848", 128_974_848), ("129e6", 129_000_000),
            ("0.5", 1), ("8Ei", nil), ("1e30", nil), ("", nil),
        ] as [(String, Int64?)]
    )
    func memoryIsBytes(text: String, expected: Int64?) {
        let resources = ResourceRequirements(limits: .init(memory: text), requests: .init(memory: text))
        #expect(resources.containerLimits.memory == expected)
        #expect(resources.containerLimits.memoryRequest == expected)
    }

    @Test func whatIsNotThereIsNoLimit() {
        let limits = ResourceRequirements(limits: nil, requests: nil).containerLimits
        #expect(limits.cpus == nil && limits.memory == nil && limits.gpus == 0)
        #expect(ResourceRequirements(limits: .init(gpu: "2"), requests: nil).containerLimits.gpus == 2)
    }
}
