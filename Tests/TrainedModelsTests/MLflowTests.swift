import Testing

@testable import TrainedModels

struct MLflowTests {
    static let files: Fixture = [
        "MLmodel": mlmodel, "model.pkl": "x",
        "conda.yaml": "dependencies: [python=3.9, {pip: [from-conda]}]",
        "python_env.yaml": "python: 3.10.12\nbuild_dependencies: [pip==23.1]\ndependencies:\n- -r requirements.txt\n",
        "requirements.txt": "mlflow==2.9.2\nscikit-learn==1.2.2\n",
    ]

    @Test func aModelIsRead() async throws {
        let model = try await inspect(Self.files)
        #expect(model.name == "fallback" && model.version == "1")
        #expect(model.kind == .mlflow(directory: "", flavors: ["python_function", "sklearn"]))
        #expect(
            model.signature
                == ModelSignature(
                    inputs: [.init(name: "a", type: "double"), .init(name: "b", type: "long", required: false)],
                    outputs: [.init(name: nil, type: "float32", shape: [-1, 3])]
                )
        )
        #expect(
            model.environment
                == EnvironmentRequirements(
                    pythonVersion: "3.10.12",
                    requirements: ["mlflow==2.9.2", "scikit-learn==1.2.2"]
                )
        )
    }

    @Test(arguments: ["", "model", "artifacts/model"])
    func theModelMayLieDeeper(directory: String) async throws {
        let model = try await inspect(directory.isEmpty ? Self.files : Self.files.below(directory))
        #expect(model.kind == .mlflow(directory: directory, flavors: ["python_function", "sklearn"]))
        #expect(model.environment?.requirements == ["mlflow==2.9.2", "scikit-learn==1.2.2"])
    }

    @Test func theNextFileCountsWhereOneIsMissing() async throws {
        let bare = mlmodel.replacing("env: {conda: conda.yaml, virtualenv: python_env.yaml}, ", with: "")
        var files = Self.files.with("MLmodel", bare).with("python_env.yaml", nil)
        #expect(try await inspect(files).environment?.requirements == ["from-conda"])
        #expect(try await inspect(files).environment?.pythonVersion == "3.9")
        files["conda.yaml"] = nil
        #expect(try await inspect(files).environment?.requirements.first == "mlflow==2.9.2")
        #expect(try await inspect(files).environment?.pythonVersion == "3.10.1")
        files["requirements.txt"] = nil
        #expect(try await inspect(files).environment?.requirements == [])
        files["MLmodel"] = bare.replacing(", python_version: 3.10.1", with: "")
        #expect(try await inspect(files).environment == nil)
    }

    @Test func theRegistryNamesTheModel() async throws {
        let model = try await inspect(
            Self.files.with("registered_model_meta", "model_name: wine\nmodel_version: '7'\n")
        )
        #expect(model.name == "wine" && model.version == "7")
        let other = try await inspect(Self.files.with("MLmodel", mlmodel + "\nmetadata: {name: red, version: 2.10}\n"))
        #expect(other.name == "red" && other.version == "2.10")
    }

    @Test(arguments: [
        ("  python_function:", "  other:", ModelError.Code.manifest, "no python_function, only other, sklearn"),
        ("flavors:", "x:", .manifest, "flavors is not set"),
        ("virtualenv: python_env.yaml", "virtualenv: gone.yaml", .missingFile, "\"gone.yaml\""),
        ("virtualenv: python_env.yaml", "virtualenv: ../gone.yaml", .manifest, "leads out"),
        ("\"double\"}", "\"double\"", .manifest, "signature.inputs is not JSON"),
        (
            "{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\", \"shape\": [-1, 3]}}", "{}", .manifest,
            "signature.outputs has an entry without a type"
        ),
        (", \"shape\": [-1, 3]", "", .manifest, "without dtype or shape"),
    ])
    func mistakesAreNamed(old: String, new: String, code: ModelError.Code, text: String) async throws {
        let changed = mlmodel.replacing(old, with: new)
        try #require(changed != mlmodel)
        let error = await #expect(throws: ModelError.self) {
            _ = try await inspect(Self.files.with("MLmodel", changed))
        }
        #expect(error?.code == code)
        #expect(error?.description.contains(text) ?? false, "\(error?.description ?? "")")
    }
}
