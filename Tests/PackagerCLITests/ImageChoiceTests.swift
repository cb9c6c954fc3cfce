import ArgumentParser
import ImageAssembler
import JSON
import OCI
import PackagerCore
import Testing
import TrainedModels

@testable import PackagerCLI

/// An integration of which only the definition counts.
private struct NamedIntegration: Integration {
    let definition: PackagingIntegration

    init(_ id: String, arguments: [PackagingIntegration.Property] = []) {
        definition = PackagingIntegration(
            id: id,
            spec: .init(
                entrypoint: "built-in",
                defaultImage: "built-in",
                schema: .init(targets: [], arguments: .init(properties: arguments))
            )
        )
    }

    func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        throw CommandError("not used")
    }
}

@Suite("Images that a command line asks for")
struct ImageChoiceTests {
    private let known: [any Integration] = ["docker-rest", "docker-cli", "docker-triton", "docker-"].map {
        NamedIntegration($0)
    }

    @Test(arguments: [
        (["docker-rest"], ["h:5000/wine:1"], ["h:5000/wine:1"]),
        (["docker-rest,docker-cli"], ["h:5000/wine:1"], ["h:5000/wine:1-rest", "h:5000/wine:1-cli"]),
        (["docker-rest", "docker-cli"], ["wine"], ["wine:rest", "wine:cli"]),
        (["docker-rest, docker-"], ["wine:1"], ["wine:1-rest", "wine:1-docker-"]),
        (["docker-rest,docker-triton"], ["h/{{Integration}}/wine:1"], ["h/rest/wine:1", "h/triton/wine:1"]),
        (["docker-rest,docker-cli"], ["wine-{{ Integration }}:2"], ["wine-rest:2", "wine-cli:2"]),
        (["docker-cli"], ["wine-{{ Integration }}"], ["wine-cli"]),
        (["docker-rest,docker-cli"], ["a:1,b:2"], ["a:1", "b:2"]),
        (["docker-rest,docker-cli"], ["a:1", "b:{{ Integration }}"], ["a:1", "b:cli"]),
    ])
    func `Names for one and for several`(integrations: [String], tags: [String], names: [String]) throws {
        let choices = try ImageChoice.choices(integrations: integrations, tags: tags, among: known)
        #expect(choices.map(\.reference.description) == names)
        #expect(
            choices.map(\.integration.definition.id)
                == integrations.flatMap { text in
                    text.split(separator: ",").map { $0.filter { $0 != " " } }
                }
        )
    }

    @Test(arguments: [
        (["rest"], ["a"], "there is no integration \"rest\"; there is docker-rest, docker-cli, docker-triton, docker-"),
        (["docker-cli,docker-cli"], ["a"], "the integration \"docker-cli\" is given twice; there is docker-rest"),
        (["docker-rest,"], ["a"], "there is no integration \"\""),
        ([], ["a"], "no --integration is given"),
        (["docker-rest,docker-cli,docker-triton"], ["a", "b"], "there are 2 tags for 3 integrations"),
        (["docker-rest"], ["a", "b"], "there are 2 tags for 1 integration:"),
        (["docker-rest,docker-cli"], ["a:1", "a:1"], "two images would have the name a:1"),
        (["docker-rest"], ["A b"], "\"A b\" is not an image name"),
        (["docker-rest"], ["wine-{{ Name }}"], "a placeholder that is not {{ Integration }}"),
        (["docker-rest"], ["wine-{{ Integration"], "a placeholder that is not {{ Integration }}"),
        (
            ["docker-rest"], ["a@sha256:" + String(repeating: "0", count: 64)],
            "an image gets its digest by being built"
        ),
        (["docker-rest,docker-cli"], ["a:" + String(repeating: "b", count: 126)], "is not a tag"),
    ])
    func `What cannot be is wrong usage`(integrations: [String], tags: [String], message: String) throws {
        let error = #expect(throws: ValidationError.self) {
            try ImageChoice.choices(integrations: integrations, tags: tags, among: known)
        }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    private let rest = NamedIntegration(
        "docker-rest",
        arguments: [.init("dockerfileBaseImage", ["type": "string"]), .init("workers", ["type": "integer"])]
    )
    private let triton = NamedIntegration(
        "docker-triton",
        arguments: [.init("dockerfileBaseImage", ["type": "string"]), .init("name", ["type": "string"])]
    )

    @Test func `An argument is for those that know it, or for one`() throws {
        let options = try ArgumentOptions.parse([
            "--base", "python", "--arg", "workers=4", "--arg", "docker-triton:name=a:b=c",
            "--arg", "docker-triton:dockerfileBaseImage=triton:1",
        ])
        let values = try options.values(for: [rest, triton])
        #expect(
            values == [
                ["dockerfileBaseImage": "python", "workers": 4],
                ["dockerfileBaseImage": "triton:1", "name": "a:b=c"],
            ]
        )
    }

    @Test(arguments: [
        ("threads=2", "no integration of docker-rest, docker-triton has an argument \"threads\""),
        ("docker-cli:name=x", "--arg docker-cli:name=x is for none of the integrations docker-rest, docker-triton"),
    ])
    func `An argument that nobody takes is wrong usage`(argument: String, message: String) throws {
        let options = try ArgumentOptions.parse(["--arg", argument])
        let error = #expect(throws: ValidationError.self) { try options.values(for: [rest, triton]) }
        #expect(error?.message == message)
    }

    @Test func `The only integration refuses what it does not know, as the server does`() throws {
        let options = try ArgumentOptions.parse(["--arg", "threads=2"])
        let error = #expect(throws: ServiceError.self) { try options.values(for: [rest]) }
        #expect(error?.message.contains("threads") == true)
    }
}
