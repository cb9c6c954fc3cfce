import JSON
import Testing
import TrainedModels

@testable import Triton

@Suite("Configurations made and completed")
struct CompletionTests {
    @Test func `A model that batches`() throws {
        let text = try completed(inputs: [("x", "float32", [-1, 13])], outputs: [("label", "int64", [-1])])
        #expect(
            text == """
                name: "wine"
                backend: "onnxruntime"
                max_batch_size: 128
                input {
                  name: "x"
                  data_type: TYPE_FP32
                  dims: [ 13 ]
                }
                output {
                  name: "label"
                  data_type: TYPE_INT64
                  dims: [ 1 ]
                  reshape { }
                }
                dynamic_batching { }

                """
        )
    }

    @Test(arguments: [[5, 13], [13]])
    func `A model with a fixed first dimension does not`(shape: [Int]) throws {
        let text = try completed(inputs: [("x", "object", shape)], outputs: [("y", "bool", [-1, 1])])
        let configuration = try ModelConfiguration(parsing: text)
        #expect(configuration.maxBatchSize == 0)
        #expect(configuration.dynamicBatching == nil)
        #expect(configuration.inputs[0].dims == shape.map(Int64.init))
        #expect(configuration.inputs[0].dataType == .string)
        #expect(configuration.outputs[0].dims == [-1, 1])
    }

    @Test func `A scalar has no form without batches`() throws {
        let error = #expect(throws: TritonError.self) {
            try completed(inputs: [("x", "float32", [4])], outputs: [("y", "float32", [])])
        }
        #expect(error?.code == .configuration)
        #expect(error?.reason.contains("scalar tensors are not supported") == true)
    }

    @Test(arguments: [
        "# mine\nbackend:'onnxruntime'  max_batch_size: 8\r\ninput[{name:'x' data_type:TYPE_FP32 dims:4}]\n"
            + "output{name:'y' data_type:TYPE_FP32 dims:[1]}",
        "platform: \"onnxruntime_onnx\" input { name: \"x\" data_type: TYPE_FP32 dims: 4 } output { name: \"y\" "
            + "data_type: TYPE_FP32 dims: 1 } default_model_filename: \"model.onnx\"",
    ])
    func `A whole configuration stays as it is, byte for byte`(given: String) throws {
        #expect(try completed(given) == given)
    }

    @Test func `What is missing is added at the end`() throws {
        let given = "# mine\nmax_batch_size: 4"
        let text = try completed(given, inputs: [("x", "float32", [-1, 13])], outputs: [("y", "float32", [-1, 3])])
        #expect(text.hasPrefix(given + "\n# Added by Packager:\nbackend: \"onnxruntime\"\ninput {"))
        let configuration = try ModelConfiguration(parsing: text)
        #expect(configuration.maxBatchSize == 4)
        #expect(configuration.inputs[0].dims == [13])
        #expect(configuration.dynamicBatching == nil)
    }

    @Test func `Zero that is written keeps the batch's dimension`() throws {
        let text = try completed(
            "max_batch_size: 0",
            inputs: [("x", "float32", [-1, 13])],
            outputs: [("y", "float32", [-1, 3])]
        )
        #expect(try ModelConfiguration(parsing: text).inputs[0].dims == [-1, 13])
        #expect(try ModelConfiguration(parsing: text).maxBatchSize == 0)
    }

    @Test func `Arguments complete what no header says, as JSON and as text`() throws {
        let json: [String: JSONValue] = [
            "inputs": [["name": "INPUT__0", "datatype": "FP32", "shape": [3, 224, -1]]],
            "outputs": ["name": "OUTPUT__0", "data_type": "TYPE_INT64", "dims": [1], "reshape": ["shape": []]],
            "max_batch_size": 16,
            "instance_group": [["count": 2, "kind": "KIND_GPU", "gpus": [0]]],
            "dynamic_batching": ["preferred_batch_size": [8], "preserve_ordering": true],
        ]
        let written: [String: JSONValue] = [
            "inputs": "[ { name: 'INPUT__0' data_type: TYPE_FP32 dims: [ 3, 224, -1 ] } ]",
            "outputs": "name: 'OUTPUT__0' data_type: TYPE_INT64 dims: 1 reshape { }",
            "max_batch_size": 16,
            "instance_group": "{ count: 2 kind: KIND_GPU gpus: 0 }",
            "dynamic_batching": "preferred_batch_size: 8 preserve_ordering: true",
        ]
        let one = try completed(format: .torchScript, arguments: json)
        #expect(try completed(format: .torchScript, arguments: written) == one)
        let configuration = try ModelConfiguration(parsing: one)
        #expect(configuration.backend == "pytorch")
        #expect(configuration.inputs[0].dims == [3, 224, -1])
        #expect(configuration.outputs[0].reshape == TensorReshape())
        #expect(configuration.instanceGroups[0].gpus == [0])
        #expect(configuration.dynamicBatching?.preferredBatchSizes == [8])
    }

    @Test(arguments: [
        (ModelFormat.torchScript, "input is missing"), (.tensorRTPlan, "input is missing"),
        (.graphDef, "platform: \"tensorflow_graphdef\""), (.python, "backend: \"python\""),
        (.pickle, "no backend of Triton reads pickle files"),
        (.torchExport, "compiled ahead of time only; compile it"),
    ])
    func `What cannot be inferred is named, with what to write`(format: ModelFormat, expected: String) throws {
        let error = #expect(throws: TritonError.self) { try completed(format: format) }
        #expect(error?.reason.contains(expected) == true, "\(error?.reason ?? "")")
    }

    @Test(arguments: [
        ("sequence", [-1] as [Int]?, "data_type of output \"y\" is not known"),
        ("float32", nil, "dims of output \"y\" is not known"),
    ])
    func `A tensor that Triton has no form for`(type: String, shape: [Int]?, expected: String) throws {
        var part = self.part(nil, [("x", "float32", [-1, 2])], [("y", type, [])])
        part.signature?.outputs[0].shape = shape
        let error = #expect(throws: TritonError.self) { try completed(part) }
        #expect(error?.code == .incomplete)
        #expect(error?.reason.contains(expected) == true, "\(error?.reason ?? "")")
    }

    @Test(
        arguments: [
            ("max_batch_size", 8), ("instance_group", ["count": 3]), ("dynamic_batching", [:]),
            ("inputs", ["name": "z", "data_type": "FP32", "dims": [1]]),
        ] as [(String, JSONValue)]
    )
    func `An argument does not change what is written`(argument: String, value: JSONValue) throws {
        let given = """
            max_batch_size: 4 instance_group { count: 1 } dynamic_batching { preserve_ordering: true }
            input { name: "x" data_type: TYPE_FP32 dims: 4 } output { name: "y" data_type: TYPE_FP32 dims: 1 }
            """
        let error = #expect(throws: TritonError.self) { try completed(given, arguments: [argument: value]) }
        #expect(error?.code == .argument)
        #expect(error?.reason.contains("it sets \(argument)") == true, "\(error?.reason ?? "")")
    }

    private typealias Tensor = (String, String, [Int])

    private func part(_ given: String?, _ inputs: [Tensor], _ outputs: [Tensor], format: ModelFormat = .onnx)
        -> ModelPart
    {
        let fields = { (tensors: [Tensor]) in
            tensors.map { ModelSignature.Field(name: $0.0, type: $0.1, shape: $0.2) }
        }
        return ModelPart(
            format: format,
            path: "data/" + (format.serving(path: "")?.fileName ?? "model.bin"),
            signature: inputs.isEmpty ? nil : ModelSignature(inputs: fields(inputs), outputs: fields(outputs)),
            configuration: given
        )
    }

    private func completed(
        _ given: String? = nil,
        inputs: [Tensor] = [],
        outputs: [Tensor] = [],
        format: ModelFormat = .onnx,
        arguments: [String: JSONValue] = [:]
    ) throws -> String {
        try completed(part(given, inputs, outputs, format: format), arguments: arguments)
    }

    private func completed(_ part: ModelPart, arguments: [String: JSONValue] = [:]) throws -> String {
        try ConfigurationCompletion(
            name: "wine",
            format: part.format,
            path: part.path,
            fileName: part.path.split(separator: "/").last.map(String.init),
            signature: part.signature,
            arguments: try ModelArguments(arguments)
        ).result(given: part.configuration).text
    }
}
