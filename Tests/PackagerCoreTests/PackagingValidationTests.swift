import FileSystem
import FoundationEssentials
import JSON
import Testing

@testable import PackagerCore

@Suite struct PackagingValidationTests {
    private static let prefix = "Validation of model packaging is failed: "

    struct Case: Sendable, CustomTestStringConvertible {
        var message: String
        var change: @Sendable (inout ModelPackaging) -> Void
        var testDescription: String { message }

        init(_ message: String, _ change: @escaping @Sendable (inout ModelPackaging) -> Void) {
            self.message = message
            self.change = change
        }
    }

    private static let quantity =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

    @Test(arguments: [
        Case("empty artifactName; empty integrationName") { $0.spec = .init(artifactName: "", integrationName: "") },
        Case("ID is not valid; empty \"ID\"") { $0.id = "" },
        Case("ID is not valid") { $0.id = "1wine" },
        Case("ID is not valid") { $0.id = String(repeating: "a", count: 64) },
        Case("packaging integration with name .spec.integrationName = \"nope\" is not found") {
            $0.spec.integrationName = "nope"
        },
        Case(
            "argument validation is failed: [(root): Additional property foo is not allowed port: Invalid type. Expected: integer, given: string]"
        ) { $0.spec.arguments = ["foo": 1, "port": "x"] },
        Case("cannot find elsewhere target in packaging integration docker-rest") {
            $0.spec.targets = [.init(name: "elsewhere", connectionName: "store")]
        },
        Case("cannot find docker-push target in packaging integration docker-rest") {
            $0.spec.targets = [
                .init(name: "docker-push", connectionName: "store"),
                .init(name: "docker-push", connectionName: "store"),
            ]
        },
        Case("entity \"nowhere\" is not found") {
            $0.spec.targets = [.init(name: "docker-push", connectionName: "nowhere")]
        },
        Case("docker-pull target has not valid connection type file for packaging integration docker-rest") {
            $0.spec.targets = [.init(name: "docker-pull", connectionName: "store")]
        },
        Case(
            "docker-push target cannot use connection \"artifacts\": the only file connection that holds images is \"store\""
        ) { $0.spec.targets = [.init(name: "docker-push", connectionName: "artifacts")] },
        Case("\"Spec.\"OutputConnection\"\" validation errors: entity \"nowhere\" is not found") {
            $0.spec.outputConnection = "nowhere"
        },
        Case(
            "\"Spec.\"OutputConnection\"\" validation errors: connection \"store\" holds no artifacts: name one of type file"
        ) { $0.spec.outputConnection = "store" },
        Case(
            "artifact \"other.zip\" is not found in connection \"artifacts\": upload it first, or correct spec.artifactName"
        ) { $0.spec.artifactName = "other.zip" },
        Case("validation of cpu limit is failed: " + quantity) {
            $0.spec.resources = .init(limits: .init(cpu: "much"))
        },
        Case("resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit") {
            $0.spec.resources = .init(limits: .init(cpu: "1500m"), requests: .init(cpu: "2"))
        },
    ])
    func refusalsHaveTheTextsOfODAHU(example: Case) async throws {
        try await withService { service in
            try await service.uploadSample()
            var packaging = ModelPackaging.sample()
            example.change(&packaging)
            let changed = packaging
            let refused = ServiceError(.invalid, Self.prefix + example.message)
            #expect(await refusal { _ = try await service.create(changed) } == refused)
            #expect(await refusal { _ = try await service.update(changed) } == refused)
            #expect(try await service.packagings().isEmpty)
        }
    }

    @Test(arguments: ["../packager.db", "a/b", "/etc/passwd", ".ingest", ".."])
    func noArtifactNameLeadsOutOfTheStore(name: String) async throws {
        try await withService { service in
            var packaging = ModelPackaging.sample()
            packaging.spec.artifactName = name
            let error = await refusal { [packaging] in _ = try await service.create(packaging) }
            #expect(error?.message.contains("is not an artifact name") == true)
        }
    }

    @Test func defaultsAreFilledIn() async throws {
        try await withService { service in
            try await service.uploadSample()
            var packaging = ModelPackaging.sample()
            packaging.spec.arguments = ["port": 1, "imageName": nil]
            packaging.createdAt = .distantPast
            let reply = try await service.create(packaging)
            #expect(reply.spec.image == "packager")
            #expect(reply.spec.outputConnection == "artifacts")
            #expect(reply.spec.targets == [.init(name: "docker-push", connectionName: "store")])
            #expect(reply.spec.resources == ResourceValidation.defaults)
            #expect(reply.spec.arguments == ["port": 1])
            #expect(reply.status?.state == .unknown)
            #expect(reply.createdAt != .distantPast && reply.createdAt == reply.updatedAt)
            let stored = try await service.packaging("wine")
            #expect(stored.spec == reply.spec && stored.createdAt == reply.createdAt)
            #expect(stored.status?.state == .scheduling)
        }
    }

    @Test func existenceComesAfterValidation() async throws {
        try await withService { service in
            try await service.uploadSample()
            let missing = await refusal { _ = try await service.update(.sample()) }
            #expect(missing == ServiceError(.notFound, "entity \"wine\" is not found"))
            _ = try await service.create(.sample())
            let twice = await refusal { _ = try await service.create(.sample()) }
            #expect(twice == ServiceError(.conflict, "entity \"wine\" already exists"))
        }
    }

    @Test(arguments: [
        ("500m", 0.5), ("2Gi", 2_147_483_648), ("1e3", 1000), ("1E", 1e18), ("0.5", 0.5), ("", nil), ("Gi", nil),
        ("1x", nil), ("1.2.3", nil),
    ])
    func quantitiesAreThoseOfKubernetes(text: String, value: Double?) {
        #expect(ResourceValidation.quantity(text) == value)
    }
}
