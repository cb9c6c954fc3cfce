import Dockerfiles
import ImageAssembler
import JSON
import OCI
import Testing
import TrainedModels

@testable import PackagerCore

@Suite struct BuilderPolicyTests {
    private static let docker: [String: JSONValue] = ["builder": "docker"]
    private static let template: [String: JSONValue] = ["builder": "docker", "dockerfileTemplate": "FROM {{base}}\n"]

    /// What a server was started with, what a packaging asks for, and words of the refusal.
    @Test(
        arguments: [
            (BuilderPolicy(), [:], nil), (BuilderPolicy(), ["builder": "native"], nil),
            (BuilderPolicy(), docker, "--docker-host"), (BuilderPolicy(templates: true), docker, "--docker-host"),
            (BuilderPolicy(engine: true), docker, nil),
            (BuilderPolicy(engine: true), template, "--allow-dockerfile-templates"),
            (BuilderPolicy(engine: true, templates: true), template, nil),
            (
                BuilderPolicy(engine: true, templates: true), ["dockerfileTemplate": "FROM {{base}}\n"],
                "is for builder \"docker\""
            ),
            (
                BuilderPolicy(engine: true, templates: true),
                ["builder": "docker", "dockerfileTemplate": "FROM x\nRUN {{no}}\n"], "line 2"
            ),
        ] as [(BuilderPolicy, [String: JSONValue], String?)]
    )
    func refusalsNameTheOption(policy: BuilderPolicy, arguments: [String: JSONValue], words: String?) {
        let errors = policy.errors(in: arguments)
        #expect(errors.count == (words == nil ? 0 : 1), "\(errors)")
        if let words { #expect(errors.first?.contains(words) == true, "\(errors)") }
    }

    @Test func whatIsNotAllowedIsRefusedWhenItIsAskedFor() async throws {
        for isAllowed in [false, true] {
            let policy = BuilderPolicy(engine: isAllowed, templates: isAllowed)
            try await withService(integrations: [BuiltInSample()], configure: { $0.builders = policy }) { service in
                try await service.uploadSample()
                var packaging = ModelPackaging.sample()
                packaging.spec.integrationName = "docker-sample"
                packaging.spec.arguments = Self.template
                if isAllowed {
                    let created = try await service.create(packaging)
                    let request = try await service.request(for: created)
                    #expect(request.builder == .docker)
                    #expect(try request.dockerfileTemplate.text == "FROM {{base}}\n")
                } else {
                    let error = await refusal { [packaging] in _ = try await service.create(packaging) }
                    #expect(error?.kind == .invalid)
                    for option in ["--docker-host", "--allow-dockerfile-templates"] {
                        #expect(error?.message.contains(option) == true, "\(String(describing: error))")
                    }
                }
            }
        }
    }

    @Test func anUnknownBuilderIsRefused() async throws {
        let definition = BuiltInSample().definition
        let error = #expect(throws: ServiceError.self) { try definition.check(arguments: ["builder": "kaniko"]) }
        #expect(error?.message.contains("\"native\", \"docker\"") == true, "\(String(describing: error))")
    }

    private struct BuiltInSample: Integration {
        let definition = PackagingIntegration(builtIn: "docker-sample", arguments: [])

        func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
            ImageRecipe(base: try ImageReference(parsing: "base:1"), layers: [], entrypoint: [])
        }
    }
}
