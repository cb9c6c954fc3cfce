import CondaLayers
import ImageAssembler
import JSON
import OCI
import PythonLayers
import Testing
import TrainedModels

@testable import ModelRuntime

struct CondaUseTests {
    private func model(specs: [String], unknown: [String] = []) -> TrainedModel {
        var source = CondaSource(file: "conda.yaml")
        source.channels = ["conda-forge"]
        source.specs = specs
        source.pip = ["tabulate"]
        source.unknown = unknown
        var environment = EnvironmentRequirements(pythonVersion: "3.11", requirements: ["numpy==1.26.*", "tabulate"])
        environment.conda = source
        return TrainedModel(
            name: "wine",
            version: "1.0",
            kind: .gppi(workDirectory: "model", entrypoint: "entrypoint"),
            files: [],
            environment: environment,
            signature: nil
        )
    }

    @Test func packagesOfPyPIStayWheels() throws {
        let runtime = try ModelRuntime(for: model(specs: ["python=3.11", "numpy=1.26"]), conda: .auto)
        #expect(runtime.conda == nil)
        #expect(runtime.defaultBase.description == "python:3.11-slim")
        #expect(runtime.environment.requirements == ["numpy==1.26.*", "tabulate", "gunicorn>=23"])
    }

    @Test(arguments: [CondaUse.auto, .always])
    func packagesThatOnlyCondaHasBringTheWholeEnvironment(use: CondaUse) throws {
        let runtime = try ModelRuntime(for: model(specs: ["numpy=1.26", "winelib"], unknown: ["winelib"]), conda: use)
        let expected = CondaEnvironment(
            channels: ["conda-forge"],
            specs: ["numpy=1.26", "winelib", "python"],
            pip: PythonEnvironment(python: nil, requirements: ["tabulate", "gunicorn>=23"]),
            withoutCounterpart: ["winelib"]
        )
        #expect(runtime.conda == expected)
        #expect(runtime.defaultBase.description == "debian:bookworm-slim")
        #expect(runtime.variables["PATH"] == "/opt/venv/bin:/opt/conda/bin:${PATH}")
        let layers = try runtime.layers(around: [])
        #expect(layers.first == .generated(kind: CondaEnvironment.kind, parameters: try JSONValue(encoding: expected)))
    }

    @Test func whatTheWrapperNeedsMayBeCondas() throws {
        var model = model(specs: ["python=3.11", "conda-forge::mlflow>=2", "gunicorn=22"])
        model.kind = .mlflow(directory: "", flavors: ["python_function"])
        let runtime = try ModelRuntime(for: model, conda: .always)
        // Its script has to start the environment that is over Conda's.
        #expect(runtime.conda?.pip.requirements == ["tabulate", "gunicorn>=23"])
        #expect(runtime.conda?.specs == ["python=3.11", "conda-forge::mlflow>=2", "gunicorn=22"])
    }

    @Test func eitherRoadCanBeForced() throws {
        let error = #expect(throws: ModelError.self) {
            try ModelRuntime(for: model(specs: ["winelib"], unknown: ["winelib"]), conda: .never)
        }
        #expect(error?.description.contains("winelib is not known to be on PyPI") == true)
        #expect(try ModelRuntime(for: model(specs: ["numpy"]), conda: .never).conda == nil)
        #expect(try ModelRuntime(for: model(specs: ["numpy"]), conda: .always).conda != nil)
        var plain = model(specs: [])
        plain.environment = nil
        #expect(throws: ModelRuntimeError.self) { try ModelRuntime(for: plain, conda: .always) }
        #expect(CondaUse(["conda": "never"]) == .never)
        #expect(CondaUse([:]) == .auto)
    }
}
