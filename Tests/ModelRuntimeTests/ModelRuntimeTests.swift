import FoundationEssentials
import ImageAssembler
import JSON
import ModelRuntime
import OCI
import PythonLayers
import Testing
import TrainedModels

@Suite("What an image needs to run a model")
struct ModelRuntimeTests {
    private let gppi = TrainedModel(
        name: "wine",
        version: "1.0",
        kind: .gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"),
        files: [ModelFile(path: "odahuflow_model/entrypoint.py", size: 10)],
        environment: EnvironmentRequirements(pythonVersion: "3.11.7", requirements: ["scikit-learn==1.8.0"]),
        signature: nil
    )

    private func file(_ format: ModelFormat, _ path: String, _ requirements: [String]? = nil) -> TrainedModel {
        TrainedModel(
            name: "wine",
            version: "1.0",
            kind: .file,
            files: [ModelFile(path: path, size: 10)],
            environment: requirements.map { EnvironmentRequirements(pythonVersion: nil, requirements: $0) },
            signature: nil,
            parts: [ModelPart(format: format, path: path)]
        )
    }

    @Test func `A GPPI artifact`() throws {
        let runtime = try ModelRuntime(for: gppi)
        #expect(
            runtime.environment
                == PythonEnvironment(python: "3.11", requirements: ["scikit-learn==1.8.0", "gunicorn>=23"])
        )
        #expect(runtime.defaultBase.description == "python:3.11-slim")
        #expect(
            runtime.variables == [
                "MODEL_LOCATION": "/model/odahuflow_model", "ODAHU_MODEL_NAME": "wine", "ODAHU_MODEL_VERSION": "1.0",
                "PACKAGER_MODEL_ENTRYPOINT": "entrypoint", "PACKAGER_MODEL_KIND": "gppi",
                "PACKAGER_MODEL_ROOT": "/model", "PACKAGER_MODEL_WORKDIR": "odahuflow_model",
                "PATH": "/opt/venv/bin:${PATH}", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1",
            ]
        )
    }

    @Test func `An MLflow model at the root is run from where it lies, with MLflow's small distribution`() throws {
        var model = gppi
        model.kind = .mlflow(directory: "", flavors: ["python_function", "sklearn"])
        let runtime = try ModelRuntime(for: model)
        #expect(runtime.variables["PACKAGER_MODEL_KIND"] == "mlflow")
        #expect(runtime.variables["MODEL_LOCATION"] == "/model")
        #expect(runtime.environment.requirements == ["scikit-learn==1.8.0", "gunicorn>=23", "mlflow-skinny"])
    }

    @Test(
        arguments: [
            (ModelFormat.pickle, "model.joblib", nil, ["gunicorn>=23", "scikit-learn"]),
            (.pickle, "a/model.pkl", ["Scikit_Learn==1.8.0"], ["Scikit_Learn==1.8.0", "gunicorn>=23"]),
            (.skops, "model.skops", ["skops<1"], ["skops<1", "gunicorn>=23", "scikit-learn"]),
            (.onnx, "model.onnx", nil, ["gunicorn>=23", "onnxruntime"]),
            (.onnx, "model.onnx", ["onnxruntime-gpu==1.20"], ["onnxruntime-gpu==1.20", "gunicorn>=23"]),
        ] as [(ModelFormat, String, [String]?, [String])]
    )
    func `A model of one file: what loads it is in the environment`(
        format: ModelFormat,
        path: String,
        given: [String]?,
        expected: [String]
    ) throws {
        let runtime = try ModelRuntime(for: file(format, path, given))
        #expect(runtime.environment == PythonEnvironment(python: nil, requirements: expected))
        #expect(runtime.defaultBase.description == "python:3.12-slim")
        #expect(runtime.variables["PACKAGER_MODEL_KIND"] == format.rawValue)
        #expect(runtime.variables["PACKAGER_MODEL_FILE"] == path)
        #expect(runtime.variables["MODEL_LOCATION"] == "/model")
    }

    @Test(arguments: [
        ModelFormat.savedModel, .graphDef, .torchScript, .torchExport, .openVINO, .tensorRTPlan, .python, .xgboost,
        .lightgbm, .treelite, .ensemble,
    ])
    func `A format that Python wrappers cannot run is refused, and docker-triton named`(format: ModelFormat) throws {
        let error = try #require(throws: ModelRuntimeError.self) {
            try ModelRuntime(for: file(format, "weights/model"))
        }
        #expect(error.description.contains("weights/model is of the format \(format.rawValue)"))
        #expect(error.description.contains("docker-triton"))
    }

    @Test func `So is an artifact laid out for Triton`() throws {
        var model = file(.onnx, "1/model.onnx")
        model.kind = .triton
        let error = try #require(throws: ModelRuntimeError.self) { try ModelRuntime(for: model) }
        #expect(error.description.contains("docker-triton"))
    }

    @Test(arguments: [
        (["gunicorn==21.2.0"], ["gunicorn==21.2.0"]),
        (["Gunicorn[gevent] >= 20"], ["Gunicorn[gevent] >= 20"]),
        (["gunicorn_extra==1"], ["gunicorn_extra==1", "gunicorn>=23"]),
    ])
    func `The model's own gunicorn wins`(given: [String], expected: [String]) throws {
        var model = gppi
        model.environment?.requirements = given
        #expect(try ModelRuntime(for: model).environment.requirements == expected)
    }

    @Test func `Models of one environment share every layer but the model's`() throws {
        var retrained = gppi
        retrained.version = "2.0"
        let (one, other) = (try ModelRuntime(for: gppi), try ModelRuntime(for: retrained))
        #expect(try one.layers(around: []) == other.layers(around: []))
        #expect(one.variables["ODAHU_MODEL_VERSION"] != other.variables["ODAHU_MODEL_VERSION"])
    }

    @Test func `Every file of the template is in the image`() throws {
        let template = URL(filePath: #filePath).appending(path: "../../../templates/model-runtime").standardizedFileURL
        let names = try FileManager.default.subpathsOfDirectory(atPath: template.path).filter { $0.hasSuffix(".py") }
        #expect(Set(ModelRuntime.files.map(\.path)) == Set(names.map { "opt/packager/\($0)" }))
        for file in ModelRuntime.files {
            let path = template.appending(path: String(file.path.dropFirst("opt/packager/".count)))
            #expect(file.text.map { Data($0.utf8) } == (try Data(contentsOf: path)))
        }
    }
}
