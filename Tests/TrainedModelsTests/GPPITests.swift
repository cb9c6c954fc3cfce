import JSON
import Testing

@testable import TrainedModels

struct GPPITests {
    @Test func aModelIsRead() async throws {
        let model = try await inspect(gppi)
        #expect(model.name == "wine" && model.version == "1.10")
        #expect(model.kind == .gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"))
        #expect(
            model.files.map(\.path) == [
                "odahuflow.project.yaml", "odahuflow_model/conda.yaml", "odahuflow_model/entrypoint.py",
            ]
        )
        #expect(model.environment?.pythonVersion == "3.11.7")
        #expect(model.environment?.requirements == ["numpy==1.24.*", "mlflow==2.9.2"])
        #expect(model.signature == nil)
        #expect(try JSONValue(encoding: model).decode(as: TrainedModel.self) == model)
    }

    @Test func aTopDirectoryMayHoldIt() async throws {
        let model = try await inspect(gppi.below("wine-1").with("__MACOSX/x", ""))
        #expect(model.kind == .gppi(workDirectory: "wine-1/odahuflow_model", entrypoint: "entrypoint"))
    }

    @Test func theManifestMayBeJSON() async throws {
        let json = """
            {"binaries": {"type": "python", "dependencies": "conda", "conda_path": "./odahuflow_model/conda.yaml"},
             "model": {"name": "wine", "version": "1", "workDir": "./odahuflow_model/", "entrypoint": "entrypoint"},
             "odahuflowVersion": "1.0"}
            """
        let model = try await inspect(gppi.with("odahuflow.project.yaml", nil).with("odahuflow.project.yml", json))
        #expect(model.kind == .gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"))
    }

    @Test func aWrappedMLflowModelIsOneModel() async throws {
        let model = try await inspect(gppi.with("odahuflow_model/MLmodel", mlmodel))
        #expect(model.kind == .gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"))
        #expect(model.signature?.inputs.count == 2)
    }

    @Test func theEntrypointMayBeAPackage() async throws {
        let text = manifest.replacing("entrypoint: entrypoint", with: "entrypoint: app.main")
        let model = try await inspect(
            gppi.with("odahuflow.project.yaml", text).with("odahuflow_model/app/main/__init__.py", "")
        )
        #expect(model.kind == .gppi(workDirectory: "odahuflow_model", entrypoint: "app.main"))
    }

    @Test(arguments: [
        ("type: python", "type: java", "Unsupported model binaries type: java"),
        ("dependencies: conda", "dependencies: docker", "Unsupported model dependencies type: docker"),
        ("model: {", "x: {", "Model section is not set"),
        ("odahuflowVersion: 1.0", "", "odahuflowVersion is not set"),
        (", conda_path: odahuflow_model/conda.yaml", "", "Conda path is not set"),
        ("binaries: {", "binaries: [", "Odahu manifest file is in incorrect format: line 1"),
        ("name: wine", "name: [wine]", "incorrect format: model.name is a list and not a string"),
        ("name: wine", "name: true", "incorrect format: model.name is a boolean"),
        ("name: wine, ", "", "incorrect format: model.name is not set"),
        ("version: 1.10", "version: null", "incorrect format: model.version is not set"),
        ("workDir: odahuflow_model", "workDir: ../x", "model.workDir is \"../x\", which leads out"),
        ("workDir: odahuflow_model", "workDir: /app", "model.workDir is \"/app\", which leads out"),
        ("workDir: odahuflow_model", "workDir: other", "model.workDir is \"other\""),
        ("entrypoint: entrypoint", "entrypoint: main", "neither \"odahuflow_model/main.py\""),
        ("entrypoint: entrypoint", "entrypoint: entrypoint.py", "not the name of a Python module"),
        ("entrypoint: entrypoint", "entrypoint: ../x", "not the name of a Python module"),
        ("model/conda.yaml", "model/env.yaml", "binaries.conda_path is \"odahuflow_model/env.yaml\""),
        ("name: wine", "name: wine, name: beer", "the key \"name\" is there twice"),
    ])
    func mistakesAreNamed(old: String, new: String, text: String) async throws {
        let changed = manifest.replacing(old, with: new)
        try #require(changed != manifest)
        let error = await #expect(throws: ModelError.self) {
            _ = try await inspect(gppi.with("odahuflow.project.yaml", changed))
        }
        let description = try #require(error?.description)
        #expect(description.hasPrefix("odahuflow.project.yaml: "))
        #expect(description.contains(text), "\(description)")
    }
}

struct RecognitionTests {
    @Test(
        arguments: [
            ([:], .notRecognized, "it is empty"),
            (["model.pkl": "", "data/x": ""], .notRecognized, "at its top are: data/, model.pkl"),
            (gppi.with("other/MLmodel", mlmodel), .ambiguous, "\"odahuflow.project.yaml\" and \"other/MLmodel\""),
            (gppi.with("odahuflow.project.yml", manifest), .ambiguous, "odahuflow.project.yml"),
            (["a/MLmodel": mlmodel, "b/MLmodel": mlmodel], .ambiguous, "\"a/MLmodel\" and \"b/MLmodel\""),
            (gppi.below("a").with("b/odahuflow.project.yaml", manifest), .ambiguous, "more than one model"),
            (["a/b/c/MLmodel": mlmodel, "x": ""], .notRecognized, "a/, x"),
        ] as [(Fixture, ModelError.Code, String)]
    )
    func noModelOrTwo(fixture: Fixture, code: ModelError.Code, text: String) async throws {
        let error = await #expect(throws: ModelError.self) { _ = try await inspect(fixture) }
        #expect(error?.code == code)
        #expect(error?.description.contains(text) ?? false, "\(error?.description ?? "")")
    }
}
