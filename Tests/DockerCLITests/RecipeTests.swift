import DockerCLI
import DockerREST
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import Testing
import TrainedModels

@Suite("The recipe of docker-cli")
struct RecipeTests {
    private let gppi = TrainedModel(
        name: "wine",
        version: "1.0",
        kind: .gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"),
        files: [ModelFile(path: "odahuflow_model/entrypoint.py", size: 10)],
        environment: EnvironmentRequirements(pythonVersion: "3.11.7", requirements: ["scikit-learn==1.8.0"]),
        signature: nil
    )

    @Test func `A GPPI artifact: the whole recipe, Python's files aside`() throws {
        var recipe = try DockerCLI().recipe(for: gppi, arguments: [:])
        recipe.layers[1] = .files(name: "model runtime", [])
        recipe.layers[2] = .files(name: "wrapper", [])
        let expected = """
            {"annotations":{"org.opencontainers.image.title":"wine","org.opencontainers.image.version":"1.0"},\
            "base":"python:3.11-slim",\
            "command":[],\
            "entrypoint":["invoke"],\
            "environment":{"MODEL_LOCATION":"/model/odahuflow_model","ODAHU_MODEL_NAME":"wine",\
            "ODAHU_MODEL_VERSION":"1.0","PACKAGER_MODEL_ENTRYPOINT":"entrypoint","PACKAGER_MODEL_KIND":"gppi",\
            "PACKAGER_MODEL_ROOT":"/model","PACKAGER_MODEL_WORKDIR":"odahuflow_model",\
            "PATH":"/opt/packager/bin:/opt/venv/bin:${PATH}","PYTHONDONTWRITEBYTECODE":"1","PYTHONUNBUFFERED":"1"},\
            "exposedPorts":[],\
            "labels":{"io.packager.integration":"docker-cli","io.packager.model.name":"wine",\
            "io.packager.model.version":"1.0"},\
            "layers":[{"generated":"python-environment","parameters":\
            {"constraints":[],"python":"3.11","requirements":["scikit-learn==1.8.0","gunicorn>=23"]}},\
            {"files":[],"name":"model runtime"},{"files":[],"name":"wrapper"},{"artifact":"model"}],\
            "user":"65532:65532","workingDirectory":"/model"}
            """
        #expect(String(decoding: try CanonicalJSON.encode(recipe), as: UTF8.self) == expected)
    }

    @Test func `The REST image of the same artifact has the same layers but for its own wrapper`() throws {
        let cli = try DockerCLI().recipe(for: gppi, arguments: [:])
        let rest = try DockerREST().recipe(for: gppi, arguments: ["workers": 2])
        #expect(cli.base == rest.base)
        #expect(cli.layers.count == rest.layers.count)
        #expect(cli.layers.indices.filter { cli.layers[$0] != rest.layers[$0] } == [2])
    }

    @Test func `The base that is given replaces the default`() throws {
        let recipe = try DockerCLI().recipe(for: gppi, arguments: ["dockerfileBaseImage": "base/python:3.11"])
        #expect(recipe.base.description == "base/python:3.11")
        #expect(throws: ReferenceError.self) {
            try DockerCLI().check(arguments: ["dockerfileBaseImage": "Not A Reference"])
        }
    }

    @Test func `A recipe survives its JSON`() throws {
        let recipe = try DockerCLI().recipe(for: gppi, arguments: [:])
        #expect(try CanonicalJSON.decode(ImageRecipe.self, from: CanonicalJSON.encode(recipe)) == recipe)
    }

    @Test func `Every file of the template is in the image, the command to be executed`() throws {
        let recipe = try DockerCLI().recipe(for: gppi, arguments: [:])
        guard case .files(_, let files) = recipe.layers[2] else {
            Issue.record("the third layer is not the wrapper")
            return
        }
        let template = URL(filePath: #filePath).appending(path: "../../../templates/docker-cli").standardizedFileURL
        let names = try FileManager.default.subpathsOfDirectory(atPath: template.path)
            .filter { $0.hasSuffix(".py") || $0 == "bin/invoke" }
        #expect(Set(files.map(\.path)) == Set(names.map { "opt/packager/\($0)" }))
        for file in files {
            let path = template.appending(path: String(file.path.dropFirst("opt/packager/".count)))
            #expect(file.text.map { Data($0.utf8) } == (try Data(contentsOf: path)))
            #expect(file.executable == (file.path == "opt/packager/bin/invoke"))
        }
    }
}
