/// A model's `config.pbtxt`: the messages of Triton's `model_config.proto` as values.
///
/// Names in Swift follow the schema's. A message, or a member of a `oneof`, that is not there is nil; other fields have
/// the schema's default.
package struct ModelConfiguration: Sendable, Hashable {
    package var name = ""
    package var platform = ""
    package var backend = ""
    package var runtime = ""
    package var versionPolicy: VersionPolicy?
    package var maxBatchSize: Int32 = 0
    package var inputs: [ModelInput] = []
    package var outputs: [ModelOutput] = []
    package var batchInputs: [BatchInput] = []
    package var batchOutputs: [BatchOutput] = []
    package var optimization: OptimizationPolicy?
    package var dynamicBatching: DynamicBatching?
    package var sequenceBatching: SequenceBatching?
    package var ensembleScheduling: EnsembleScheduling?
    package var instanceGroups: [InstanceGroup] = []
    package var defaultModelFilename = ""
    package var computeCapabilityFilenames: [String: String] = [:]
    package var metricTags: [String: String] = [:]
    package var parameters: [String: ModelParameter] = [:]
    package var warmups: [ModelWarmup] = []
    package var operations: ModelOperations?
    package var transactionPolicy: TransactionPolicy?
    package var repositoryAgents: RepositoryAgents?
    package var responseCache: ResponseCache?
    package var metrics: ModelMetrics?

    package init() {}
}

extension ModelConfiguration: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .one("platform", \.platform),
            .one("backend", \.backend),
            .one("runtime", \.runtime),
            .optional("version_policy", \.versionPolicy),
            .one("max_batch_size", \.maxBatchSize),
            .many("input", \.inputs),
            .many("output", \.outputs),
            .many("batch_input", \.batchInputs),
            .many("batch_output", \.batchOutputs),
            .optional("optimization", \.optimization),
            .optional("dynamic_batching", \.dynamicBatching, choice: "scheduling_choice"),
            .optional("sequence_batching", \.sequenceBatching, choice: "scheduling_choice"),
            .optional("ensemble_scheduling", \.ensembleScheduling, choice: "scheduling_choice"),
            .many("instance_group", \.instanceGroups),
            .one("default_model_filename", \.defaultModelFilename),
            .texts("cc_model_filenames", \.computeCapabilityFilenames),
            .texts("metric_tags", \.metricTags),
            .messages("parameters", \.parameters),
            .many("model_warmup", \.warmups),
            .optional("model_operations", \.operations),
            .optional("model_transaction_policy", \.transactionPolicy),
            .optional("model_repository_agents", \.repositoryAgents),
            .optional("response_cache", \.responseCache),
            .optional("model_metrics", \.metrics),
        ]
    }
}

extension ModelConfiguration {
    /// - Parameter text: protobuf text format.
    /// - Throws: ``TritonError`` `textFormat` with line and column.
    package init(parsing text: String) throws { try self.init(fields: TextParser.parse(text)) }

    /// As protobuf text format, fields in the schema's order.
    package var text: String { TextWriter.text(textFields) }
}

package struct ModelParameter: Sendable, Hashable {
    package var stringValue = ""

    package init() {}

    package init(_ stringValue: String) { self.stringValue = stringValue }
}

extension ModelParameter: TextMessage {
    static var fields: [MessageField<Self>] { [.one("string_value", \.stringValue)] }
}
