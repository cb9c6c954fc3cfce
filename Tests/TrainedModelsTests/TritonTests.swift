import SystemPackage
import Testing

@testable import TrainedModels

struct TritonLayoutTests {
    @Test(arguments: [
        ("name: wine\nversion: 1.10", "wine", "110"), ("name: a/b.c-d_E\nversion: v2", "a/b.c-d_E", "2"),
        ("{name: wine, version: '0.1'}", "wine", "1"),
    ])
    func aFlatManifestNamesTheModel(text: String, name: String, version: String) async throws {
        for file in ["odahuflow.project.yaml", "odahuflow.project.yml", "odahuflow.model.yaml"] {
            let model = try await Models.inspect(
                ["model.onnx": "no_batch.onnx"],
                with: [file: text, "config.pbtxt": "backend: \"onnxruntime\"", "labels.txt": "red"]
            )
            #expect(model.kind == .triton && model.name == name && model.version == version)
            #expect(model.parts.map(\.path) == ["model.onnx"] && model.parts.map(\.format) == [.onnx])
            #expect(model.parts.first?.configuration == "backend: \"onnxruntime\"")
            #expect(model.signature?.inputs.first?.shape == [3, 4])
        }
    }

    @Test func withoutAManifestItIsModelOne() async throws {
        let model = try await inspect([
            "model.py": "class TritonPythonModel: pass", "conda.yaml": "dependencies: [numpy]",
        ])
        #expect(model.kind == .triton && model.name == "model" && model.version == "1")
        #expect(model.parts.map(\.format) == [.python] && model.parts.first?.configuration == nil)
        #expect(model.environment?.requirements == ["numpy"])
    }

    @Test(
        arguments: [
            (["odahuflow.project.yaml": "name: 'a b'\nversion: 1", "model.py": ""], "must be valid URL path segment"),
            (["odahuflow.project.yaml": "name: a\nversion: x", "model.py": ""], "Model version must be numeric"),
            (["odahuflow.project.yaml": "name: a", "model.py": ""], "version is not set"),
            (["odahuflow.model.yaml": "name: a\nversion: 1", "x": ""], "No Triton backend suits for provided model"),
            (["config.pbtxt": "", "model.netdef": ""], "Caffe2"),
            (["m/config.pbtxt": "", "m/1/weights": "", "n/1/model.py": ""], "No Triton backend suits"),
            (["config.pbtxt": "default_model_filename: \"../x\"", "a": ""], "leads out of the model"),
        ] as [(Fixture, String)]
    )
    func mistakesAreNamed(fixture: Fixture, text: String) async throws {
        let error = await #expect(throws: ModelError.self) { _ = try await inspect(fixture) }
        #expect(error?.description.contains(text) ?? false, "\(error?.description ?? "")")
    }

    @Test func aNestedManifestStaysGPPI() async throws {
        let model = try await inspect(gppi.with("model.py", "").with("config.pbtxt", ""))
        #expect(model.kind == .gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"))
    }

    @Test func aRepositoryHasAPartForEachModel() async throws {
        let model = try await Models.inspect(
            ["repo/net/2/model.onnx": "no_batch.onnx", "repo/net/10/model.onnx": "scalar.onnx"],
            with: [
                "repo/net/config.pbtxt": "name: \"net\"",
                "repo/prepare/1/model.py": "",
                "repo/prepare/config.pbtxt": "backend: \"python\"",
                "repo/all/config.pbtxt": "platform: \"ensemble\"\nensemble_scheduling {}",
                "repo/all/1/": "",
                "repo/README": "text",
            ]
        )
        #expect(model.kind == .triton && model.name == "fallback" && model.version == "1")
        #expect(model.parts.map(\.name) == ["all", "net", "prepare"])
        #expect(model.parts.map(\.path) == ["repo/all", "repo/net/10/model.onnx", "repo/prepare/1/model.py"])
        #expect(model.parts.map(\.format) == [.ensemble, .onnx, .python])
        #expect(
            model.parts.map(\.configuration) == [
                "platform: \"ensemble\"\nensemble_scheduling {}", "name: \"net\"", "backend: \"python\"",
            ]
        )
        #expect(model.environment?.notes == ["repo/net has several versions: 10 is served, 2 not."])
    }

    @Test func theOnlyDirectoryMayBeTheModel() async throws {
        let model = try await Models.inspect(
            ["wine/1/net.bin": "no_batch.onnx"],
            with: ["wine/config.pbtxt": "backend: \"onnxruntime\"\ndefault_model_filename: \"net.bin\""]
        )
        #expect(model.kind == .triton)
        #expect(model.parts.map(\.name) == ["wine"] && model.parts.map(\.path) == ["wine/1/net.bin"])
        #expect(model.parts.map(\.format) == [.onnx])
    }
}

struct BareFileTests {
    @Test(arguments: [
        ("model.onnx", "no_batch.onnx", ModelFormat.onnx), ("top/net.bin", "no_batch.onnx", .onnx),
        ("m.pth", "traced.pt", .torchScript), ("m.pt2", "exported.pt2", .torchExport), ("m", "xgboost.ubj", .xgboost),
        ("model.json", "xgboost.json", .xgboost), ("top/model.txt", "lightgbm.txt", .lightgbm),
        ("saved_model.pb", "wine_savedmodel/saved_model.pb", .savedModel),
        ("wine/saved_model.pb", "wine_savedmodel/saved_model.pb", .savedModel),
    ])
    func contentDecides(path: String, source: String, format: ModelFormat) async throws {
        let model = try await Models.inspect([path: source])
        #expect(model.kind == .file && model.name == "fallback" && model.version == "1")
        #expect(model.parts.map(\.format) == [format])
        #expect(model.signature == model.parts.first?.signature)
        let directory = String(path.split(separator: "/").dropLast().joined(separator: "/"))
        #expect(model.parts.first?.path == (format == .savedModel ? directory : path))
        #expect(model.environment == nil)
    }

    @Test func ofSeveralTheOneNamedModelCounts() async throws {
        let files = ["model.onnx": "no_batch.onnx", "scaler.pkl": "classifier.pkl"]
        #expect(try await Models.inspect(files).parts.map(\.path) == ["model.onnx"])
        let error = await #expect(throws: ModelError.self) {
            _ = try await Models.inspect(["a.onnx": "no_batch.onnx", "scaler.pkl": "classifier.pkl"])
        }
        #expect(error?.code == .ambiguous)
        #expect(error?.description.contains("\"a.onnx\" and \"scaler.pkl\"") ?? false)
    }

    @Test func openVINONeedsItsWeights() async throws {
        let error = await #expect(throws: ModelError.self) {
            _ = try await Models.inspect(["model.xml": "wine_openvino/model.xml"])
        }
        #expect(error?.code == .missingFile && error?.description.contains("\"model.bin\"") ?? false)
        let files = ["model.xml": "wine_openvino/model.xml", "model.bin": "wine_openvino/model.bin"]
        #expect(try await Models.inspect(files).parts.map(\.path) == ["model.xml"])
    }

    @Test func aTruncatedModelIsNamedSo() async throws {
        let error = await #expect(throws: ModelError.self) { _ = try await inspect(["model.onnx": "\u{8}\u{8}:"]) }
        #expect(error?.code == .damaged && error?.description.hasPrefix("model.onnx: ") ?? false)
    }

    @Test func anMLflowModelShowsItsFiles() async throws {
        let flavors = """
            flavors:
              python_function: {env: conda.yaml, loader_module: mlflow.onnx}
              onnx: {data: model.onnx}
              pytorch: {model_data: data}
            """
        let model = try await Models.inspect(
            ["m/model.onnx": "no_batch.onnx", "m/data/model.pth": "traced.pt"],
            with: ["m/MLmodel": flavors, "m/conda.yaml": "dependencies: [numpy]"]
        )
        #expect(model.kind == .mlflow(directory: "m", flavors: ["onnx", "python_function", "pytorch"]))
        #expect(model.parts.map(\.path) == ["m/data/model.pth", "m/model.onnx"])
        #expect(model.parts.map(\.format) == [.torchScript, .onnx])
    }

    @Test(arguments: [
        ("no_batch.onnx", true), ("traced.pt", true), ("classifier.skops", true), ("classifier.pkl", true),
        ("classifier_gzip.joblib", true), ("classifier_xz.joblib", true), ("checkpoint.pt", false), ("make.py", false),
        ("wine_openvino", false),
    ])
    func whatIsAModelFile(name: String, isOne: Bool) async throws {
        #expect(try await ModelInspector.isModelFile(Models.root.appending(name)) == isOne)
    }
}
