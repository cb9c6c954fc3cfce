import FileSystem
import FoundationEssentials
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// Images of docker-triton in a real server of Triton: 24.10 for CPUs, from PyPI, on a base of our own making.
    @Suite(.tritonWorld) struct TritonImages {
        @Test func modelInPythonRunsInItsOwnEnvironment() async throws {
            let artifact = try TritonWorld.current.directory.appending("python-model")
            try artifact.createDirectories()
            try artifact.appending("model.py").write(
                """
                import os, sys
                import joblib, numpy
                import triton_python_backend_utils as pb_utils

                class TritonPythonModel:
                    def execute(self, requests):
                        def answer(request):
                            x = pb_utils.get_input_tensor_by_name(request, "x").as_numpy()
                            seen = [os.environ["VIRTUAL_ENV"], sys.prefix, joblib.__file__, numpy.__version__]
                            return [pb_utils.Tensor("twice", x * 2), pb_utils.Tensor("seen", numpy.array(seen, object))]
                        return [pb_utils.InferenceResponse(answer(request)) for request in requests]

                """
            )
            try artifact.appending("config.pbtxt").write(
                """
                input { name: "x" data_type: TYPE_FP64 dims: [ -1 ] }
                output { name: "twice" data_type: TYPE_FP64 dims: [ -1 ] }
                output { name: "seen" data_type: TYPE_STRING dims: [ 4 ] }

                """
            )
            try artifact.appending("conda.yaml").write(
                "dependencies: [python=3.11, pip, {pip: [joblib==1.6.0, numpy==1.26.4]}]\n"
            )
            let image = try await packaged(artifact, as: "triton-python")
            try await TritonServer.with(image) { server in
                let owner = try await server.container.owner
                #expect(owner.user == 65532 && owner.group == 65532)
                let configuration = try await server.configuration(of: "model")
                let environment = configuration["parameters"]?["EXECUTION_ENV_PATH"]?["string_value"]
                #expect(environment == "/opt/venv")
                let outputs = try await server.infer(
                    "model",
                    Self.request("x", "FP64", [[0.1, 1e300, -3]], shape: [3])
                )
                #expect(outputs["twice"]?.numbers == [0.2, 2e300, -6])
                let packages = "/opt/venv/lib/python3.11/site-packages"
                #expect(
                    outputs["seen"]?.texts == ["/opt/venv", "/opt/venv", "\(packages)/joblib/__init__.py", "1.26.4"]
                )
            }
        }

        @Test(arguments: [WineModel.Format.gppi, .mlflow])
        func wrappedModelAnswersAsItself(format: WineModel.Format) async throws {
            let world = try TritonWorld.current
            let model = format == .gppi ? world.gppi : world.mlflow
            let image = try await packaged(model.artifact, as: "triton-\(format.rawValue)")
            try await TritonServer.with(image) { server in
                let name = try #require(try await server.models.first)
                let inputs = try await server.configuration(of: name)["input"]?.arrayValue?.count
                let request =
                    inputs == 1
                    ? Self.request("input", "FP64", model.rows, shape: [model.rows.count, model.columns.count])
                    : Self.columns(of: model)
                let outputs = try await server.infer(name, request)
                #expect(outputs.count == 1)
                #expect(outputs.first?.value.numbers == model.predictions.map(Double.init))
                #expect(outputs.first?.value.shape.first == 20)
            }
        }

        @Test func fileOfONNXIsServedThroughItsLink() async throws {
            let file = Self.models.appending("skl_classifier.onnx")
            let image = try await packaged(file, as: "triton-onnx")
            try await TritonServer.with(image) { server in
                #expect(try await server.models == ["skl_classifier"])
                let request = Self.request("X", "FP32", Self.rows, shape: [3, 4])
                var expected = try await Tensor.asked(["onnx", file.string], request)
                // Triton has no tensor of rows alone.
                expected["label"]?.shape = [3, 1]
                #expect(try await server.infer("skl_classifier", request) == expected)
            }
        }

        /// The two ways in which ONNX keeps weights apart: beside the model, and in a directory that stands for it.
        @Test func externalDataIsFoundThroughTheLinks() async throws {
            let artifact = try TritonWorld.current.directory.appending("onnx-repository")
            for place in ["beside/1", "directory/3/model.onnx"] {
                try artifact.appending(place).createDirectories()
                for name in ["model.onnx", "weights.bin"] {
                    let bytes = try Self.models.appending("external_data/\(name)").readAll()
                    try artifact.appending("\(place)/\(name)").writeAtomically(bytes)
                }
            }
            let image = try await packaged(artifact, as: "triton-external")
            try await TritonServer.with(image) { server in
                #expect(try await server.models.sorted() == ["beside", "directory"])
                let request = Self.request("x", "FP32", Self.rows, shape: [3, 4])
                let expected = try await Tensor.asked(
                    ["onnx", Self.models.appending("external_data/model.onnx").string],
                    request
                )
                for model in ["beside", "directory"] { #expect(try await server.infer(model, request) == expected) }
            }
        }

        @Test func modelThatTheServerOfTheBaseBreaksIsRefused() async throws {
            let world = try World.current
            let refused = try await build(world.gppi.artifact, as: "triton-refused")
            #expect(refused.status == .exited(1))
            #expect(refused.error.contains("the model needs NumPy 2"), "\(refused.error)")
            #expect(refused.error.contains("the server 2.51.0, which is of release 24.10"), "\(refused.error)")
        }

        private static let models = Project.root.appending("Tests/Fixtures/models")
        private static let rows = [[0.5, -1.25, 3, 0.1], [2, 2, 2, 2], [-7, 0.3, 1e-3, 12]]

        private func build(_ artifact: FilePath, as name: String) async throws -> CommandResult {
            let world = try World.current
            return try await world.packager(
                "build",
                artifact.string,
                "--integration",
                "docker-triton",
                "--tag",
                "\(world.registry.host)/\(name):1",
                "--arg",
                "dockerfileBaseImage=\(TritonWorld.baseName)"
            )
        }

        /// The image's reference in the registry.
        private func packaged(_ artifact: FilePath, as name: String) async throws -> String {
            try await build(artifact, as: name).succeeded()
            return "\(try World.current.registry.host)/\(name):1"
        }

        private static func request(_ name: String, _ type: String, _ rows: [[Double]], shape: [Int]) -> JSONValue {
            ["inputs": [tensor(name, type, rows.flatMap(\.self), shape: shape)]]
        }

        private static func columns(of model: WineModel) -> JSONValue {
            let inputs = model.columns.enumerated().map { number, name in
                tensor(name, "FP64", model.rows.map { $0[number] }, shape: [model.rows.count, 1])
            }
            return ["inputs": .array(inputs)]
        }

        private static func tensor(_ name: String, _ type: String, _ data: [Double], shape: [Int]) -> JSONValue {
            [
                "name": .string(name), "datatype": .string(type), "shape": .array(shape.map { .integer(Int64($0)) }),
                "data": .array(data.map { .number($0) }),
            ]
        }
    }
}
