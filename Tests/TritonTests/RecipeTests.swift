import FoundationEssentials
import ImageAssembler
import JSON
import ModelRuntime
import OCI
import Testing
import TrainedModels

@testable import Triton

@Suite("The recipe of docker-triton")
struct RecipeTests {
    private static let signature = ModelSignature(
        inputs: [.init(name: "x", type: "float32", shape: [-1, 13])],
        outputs: [.init(name: "y", type: "float32", shape: [-1, 3])]
    )

    private func model(_ kind: TrainedModel.Kind, _ parts: [ModelPart], python: String? = nil) -> TrainedModel {
        TrainedModel(
            name: "wine",
            version: "1.0",
            kind: kind,
            files: [],
            environment: python.map { EnvironmentRequirements(pythonVersion: $0, requirements: ["numpy==1.26.4"]) },
            signature: nil,
            parts: parts
        )
    }

    private func files(of recipe: ImageRecipe) -> [RecipeFile] {
        for case .files("model repository", let files) in recipe.layers { return files }
        return []
    }

    @Test func `A bare ONNX file: the whole recipe`() throws {
        let part = ModelPart(
            format: .onnx,
            path: "net/wine.onnx",
            signature: Self.signature,
            traits: ["opset": 21, "ir": 10]
        )
        let recipe = try Triton().recipe(for: model(.file, [part]), arguments: [:])
        let expected = """
            {"annotations":{"org.opencontainers.image.title":"wine","org.opencontainers.image.version":"1.0"},\
            "base":"nvcr.io/nvidia/tritonserver:26.08-py3",\
            "command":["tritonserver","--model-repository=/models_repository","--disable-auto-complete-config"],\
            "entrypoint":[],"environment":{},"exposedPorts":[8000,8001,8002],\
            "labels":{"io.packager.integration":"docker-triton","io.packager.model.name":"wine",\
            "io.packager.model.version":"1.0"},\
            "layers":[{"files":[{"executable":false,"path":"models_repository/wine/config.pbtxt","text":\
            "name: \\"wine\\"\\nbackend: \\"onnxruntime\\"\\nmax_batch_size: 128\\ninput {\\n  name: \\"x\\"\\n  data_type: \
            TYPE_FP32\\n  dims: [ 13 ]\\n}\\noutput {\\n  name: \\"y\\"\\n  data_type: TYPE_FP32\\n  dims: [ 3 ]\\n}\\n\
            dynamic_batching { }\\ndefault_model_filename: \\"wine.onnx\\"\\n"},\
            {"executable":false,"linkTarget":"/model/net","path":"models_repository/wine/10"}],\
            "name":"model repository"},{"artifact":"model"}],\
            "user":"65532:65532","workingDirectory":"/"}
            """
        #expect(String(decoding: try CanonicalJSON.encode(recipe), as: UTF8.self) == expected)
    }

    @Test func `A GPPI artifact runs in the Python backend, in its own environment`() throws {
        let gppi = model(.gppi(workDirectory: "odahuflow_model", entrypoint: "entrypoint"), [], python: "3.10.4")
        let recipe = try Triton().recipe(for: gppi, arguments: [:])
        #expect(recipe.base.description == "nvcr.io/nvidia/tritonserver:24.10-py3")
        #expect(
            recipe.layers[0]
                == .generated(
                    kind: "python-environment",
                    parameters: [
                        "python": "3.10", "requirements": ["numpy==1.26.4", "gunicorn>=23"], "constraints": ["numpy<2"],
                    ]
                )
        )
        #expect(recipe.layers[1] == .files(name: "model runtime", ModelRuntime.files))
        #expect(recipe.layers[2] == .files(name: "wrapper", Triton.wrapper))
        #expect(recipe.layers[4] == .artifact(prefix: "model"))
        #expect(recipe.environment["PACKAGER_MODEL_ENTRYPOINT"] == "entrypoint")
        let repository = files(of: recipe)
        #expect(repository[1] == .link("models_repository/wine/10/model.py", to: "/opt/packager/packager_triton.py"))
        let configuration = try ModelConfiguration(parsing: repository[0].text ?? "")
        #expect(configuration.backend == "python")
        #expect(configuration.parameters["EXECUTION_ENV_PATH"] == ModelParameter("/opt/venv"))
        #expect(configuration.inputs.map(\.dims) == [[-1]])
        #expect(configuration.outputs.map(\.name) == ["predict"])
    }

    @Test func `Columns of an MLflow model are tensors; its ONNX part is served as it is`() throws {
        var mlflow = model(.mlflow(directory: "", flavors: ["onnx", "python_function"]), [], python: "3.12")
        mlflow.signature = ModelSignature(
            inputs: [.init(name: "a", type: "double"), .init(name: "b", type: "string")],
            outputs: [.init(name: nil, type: "tensor", shape: [-1])]
        )
        mlflow.signature?.outputs[0].type = "int64"
        let wrapped = try ModelConfiguration(
            parsing: files(of: Triton().recipe(for: mlflow, arguments: [:]))[0].text ?? ""
        )
        #expect(wrapped.inputs.map(\.dataType) == [.fp64, .string])
        #expect(wrapped.inputs.map(\.dims) == [[1], [1]])
        #expect(wrapped.maxBatchSize == 128)
        mlflow.parts = [ModelPart(format: .onnx, path: "model.onnx", signature: Self.signature)]
        let recipe = try Triton().recipe(for: mlflow, arguments: [:])
        #expect(recipe.layers.count == 2)
        #expect(files(of: recipe)[1] == .link("models_repository/wine/10", to: "/model"))
    }

    @Test func `Several models and their ensemble`() throws {
        let given = """
            platform: "ensemble" input { name: "x" data_type: TYPE_FP32 dims: 13 } output { name: "y" data_type: TYPE_FP32
            dims: 3 } ensemble_scheduling { step { model_name: "net" model_version: -1 input_map { key: "x" value: "x" }
            output_map { key: "y" value: "y" } } }
            """
        let parts = [
            ModelPart(name: "both", format: .ensemble, path: "both", configuration: given),
            ModelPart(name: "net", format: .onnx, path: "net/1/model.onnx", signature: Self.signature),
        ]
        let repository = files(of: try Triton().recipe(for: model(.triton, parts), arguments: [:]))
        #expect(
            repository.map(\.path) == [
                "models_repository/both/config.pbtxt", "models_repository/both/10/.keep",
                "models_repository/net/config.pbtxt", "models_repository/net/10",
            ]
        )
        #expect(repository[0].text == given)
        #expect(repository[3].linkTarget == "/model/net/1")
    }

    @Test(arguments: [
        (
            ModelFormat.savedModel, ["triton_base_image_tag": "25.03-py3"] as [String: JSONValue],
            "take triton_base_image_tag 25.02-py3"
        ),
        (.torchExport, ["triton_base_image_tag": "25.12-py3"], "take triton_base_image_tag 26.03-py3"),
        (.onnx, ["triton_base_image_tag": "25.01-py3"], "reads up to opset 21; take triton_base_image_tag 25.05-py3"),
        (.onnx, ["triton_base_image_tag": "latest"], "names no release"),
        (
            .onnx, ["dockerfileBaseImage": "mirror/nvidia/tritonserver:25.01-py3"],
            "or triton_base_image_tag 25.05-py3 in place of dockerfileBaseImage"
        ),
        (
            .python, ["triton_base_image_tag": "24.10-py3"],
            "needs Python 3.12, and the Python backend of 24.10 runs Python 3.10"
        ),
        (.python, ["triton_base_image_tag": "20.11-py3"], "take triton_base_image_tag 24.11-py3"),
    ])
    func `A release that cannot serve the model`(
        format: ModelFormat,
        arguments: [String: JSONValue],
        expected: String
    ) throws {
        let tensors =
            "input { name: 'x' data_type: TYPE_FP32 dims: 1 } output { name: 'y' data_type: TYPE_FP32 dims: 1 }"
        let part = ModelPart(format: format, path: "m/file", traits: ["opset": 23, "aoti": 1], configuration: tensors)
        let python = format == .python ? "3.12" : nil
        let error = #expect(throws: TritonError.self) {
            try Triton().recipe(for: model(.triton, [part], python: python), arguments: arguments)
        }
        #expect(error?.reason.contains(expected) == true, "\(error?.reason ?? "")")
    }

    @Test func `Python that no release has is refused, but for an image of the user's own`() throws {
        let gppi = model(.gppi(workDirectory: "m", entrypoint: "e"), [], python: "3.11")
        let error = #expect(throws: TritonError.self) { try Triton().recipe(for: gppi, arguments: [:]) }
        #expect(error?.reason.contains("needs Python 3.11") == true)
        let recipe = try Triton().recipe(for: gppi, arguments: ["dockerfileBaseImage": "mine/triton-cpu:1"])
        #expect(recipe.base.description == "mine/triton-cpu:1")
    }

    @Test func `Every file of the template is in the image`() throws {
        let template = URL(filePath: #filePath).appending(path: "../../../templates/docker-triton").standardizedFileURL
        let names = try FileManager.default.subpathsOfDirectory(atPath: template.path)
            .filter { !$0.contains("__pycache__") && ($0.hasSuffix(".py")) }
        #expect(Set(Triton.wrapper.map(\.path)) == Set(names.map { "opt/packager/\($0)" }))
        for file in Triton.wrapper {
            let path = template.appending(path: String(file.path.dropFirst("opt/packager/".count)))
            #expect(file.text.map { Data($0.utf8) } == (try Data(contentsOf: path)))
        }
    }

    @Test func `A recipe survives its JSON`() throws {
        let part = ModelPart(format: .onnx, path: "model.onnx", signature: Self.signature)
        let recipe = try Triton().recipe(for: model(.file, [part]), arguments: [:])
        #expect(try CanonicalJSON.decode(ImageRecipe.self, from: CanonicalJSON.encode(recipe)) == recipe)
    }
}
