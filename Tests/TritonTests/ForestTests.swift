import JSON
import Testing
import TrainedModels

@testable import Triton

@Suite("Forests for the FIL backend")
struct ForestTests {
    private func configuration(
        _ format: ModelFormat = .xgboost,
        path: String = "xgboost.ubj",
        traits: [String: Int],
        given: String? = nil,
        arguments: [String: JSONValue] = [:]
    ) throws -> ModelConfiguration {
        try ConfigurationCompletion(
            name: "forest",
            format: format,
            path: path,
            fileName: path,
            traits: traits,
            arguments: try ModelArguments(arguments)
        ).result(given: given).configuration
    }

    @Test(arguments: [
        (ModelFormat.xgboost, "xgboost.ubj", "xgboost_ubj"), (.xgboost, "model.json", "xgboost_json"),
        (.lightgbm, "model.txt", "lightgbm"),
    ])
    func `Rows of features in, a class out`(format: ModelFormat, path: String, type: String) throws {
        let made = try configuration(format, path: path, traits: ["features": 13, "classes": 3])
        #expect(made.backend == "fil")
        #expect(made.maxBatchSize == 128)
        #expect(made.inputs.map(\.name) == ["input__0"] && made.outputs.map(\.name) == ["output__0"])
        #expect(made.inputs.map(\.dataType) == [.fp32] && made.outputs.map(\.dataType) == [.fp32])
        #expect(made.inputs.map(\.dims) == [[13]] && made.outputs.map(\.dims) == [[1]])
        #expect(made.parameters["model_type"] == ModelParameter(type))
        #expect(made.parameters["output_class"] == ModelParameter("true"))
        #expect(made.parameters["is_classifier"] == ModelParameter("true"))
        #expect(made.parameters["predict_proba"] == nil)
    }

    @Test func `A regression has no class`() throws {
        let made = try configuration(traits: ["features": 4])
        #expect(made.outputs.map(\.dims) == [[1]])
        #expect(Set(made.parameters.keys) == ["model_type"])
    }

    @Test func `An output of several numbers is of probabilities`() throws {
        let outputs: JSONValue = ["name": "output__0", "data_type": "TYPE_FP32", "dims": [3]]
        let made = try configuration(
            traits: ["features": 4, "classes": 3],
            arguments: ["outputs": outputs, "max_batch_size": 8]
        )
        #expect(made.inputs.map(\.dims) == [[4]] && made.outputs.map(\.dims) == [[3]])
        #expect(made.parameters["predict_proba"] == ModelParameter("true"))
    }

    @Test func `What the user wrote of the output counts`() throws {
        let given = "parameters { key: 'output_class' value { string_value: 'false' } }"
        let made = try configuration(traits: ["features": 4, "classes": 2], given: given)
        #expect(made.parameters["output_class"] == ModelParameter("false"))
        #expect(made.parameters["is_classifier"] == nil)
        #expect(made.inputs.map(\.dims) == [[4]])
    }

    @Test(arguments: [[:], ["features": 4, "targets": 2]])
    func `What the file does not say is asked for in the backend's names`(traits: [String: Int]) throws {
        let error = #expect(throws: TritonError.self) { try configuration(traits: traits) }
        #expect(error?.code == .incomplete)
        #expect(error?.reason.contains("input { name: \"input__0\" data_type: TYPE_FP32 dims: [ 4 ] }") == true)
    }
}
