/// The models of an ensemble and how tensors go between them.
package struct EnsembleScheduling: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        package var modelName = ""
        /// -1 for the latest.
        package var modelVersion: Int64 = 0
        /// The model's input to the ensemble's tensor.
        package var inputMap: [String: String] = [:]
        /// The model's output to the ensemble's tensor.
        package var outputMap: [String: String] = [:]
        package var modelNamespace = ""

        package init() {}
    }

    package var steps: [Step] = []
    package var maxInflightResponses: UInt32 = 0

    package init() {}
}

extension EnsembleScheduling.Step: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("model_name", \.modelName),
            .one("model_version", \.modelVersion),
            .texts("input_map", \.inputMap),
            .texts("output_map", \.outputMap),
            .one("model_namespace", \.modelNamespace),
        ]
    }
}

extension EnsembleScheduling: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .many("step", \.steps),
            .one("max_inflight_responses", \.maxInflightResponses),
        ]
    }
}
