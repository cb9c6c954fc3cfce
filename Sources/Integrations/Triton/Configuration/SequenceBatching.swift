/// Requests of one sequence go to one instance.
package struct SequenceBatching: Sendable, Hashable {
    package struct Control: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case start = "CONTROL_SEQUENCE_START"
            case ready = "CONTROL_SEQUENCE_READY"
            case end = "CONTROL_SEQUENCE_END"
            case correlationID = "CONTROL_SEQUENCE_CORRID"
        }

        package var kind = Kind.start
        package var int32FalseTrue: [Int32] = []
        package var fp32FalseTrue: [Double] = []
        package var boolFalseTrue: [Bool] = []
        package var dataType = DataType.invalid

        package init() {}
    }

    package struct ControlInput: Sendable, Hashable {
        package var name = ""
        package var controls: [Control] = []

        package init() {}
    }

    package struct InitialState: Sendable, Hashable {
        package var dataType = DataType.invalid
        package var dims: [Int64] = []
        package var zeroData: Bool?
        package var dataFile: String?
        package var name = ""

        package init() {}
    }

    package struct State: Sendable, Hashable {
        package var inputName = ""
        package var outputName = ""
        package var dataType = DataType.invalid
        package var dims: [Int64] = []
        package var initialStates: [InitialState] = []
        package var useSameBufferForInputOutput = false
        package var useGrowableMemory = false

        package init() {}
    }

    package struct StrategyDirect: Sendable, Hashable {
        package var maxQueueDelayMicroseconds: UInt64 = 0
        package var minimumSlotUtilization: Double = 0

        package init() {}
    }

    package struct StrategyOldest: Sendable, Hashable {
        package var maxCandidateSequences: Int32 = 0
        package var preferredBatchSizes: [Int32] = []
        package var maxQueueDelayMicroseconds: UInt64 = 0
        package var preserveOrdering = false

        package init() {}
    }

    package var direct: StrategyDirect?
    package var oldest: StrategyOldest?
    package var maxSequenceIdleMicroseconds: UInt64 = 0
    package var controlInputs: [ControlInput] = []
    package var states: [State] = []
    package var isIterative = false

    package init() {}
}

extension SequenceBatching.Control.Kind: TextEnumeration {}

extension SequenceBatching.Control: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("kind", \.kind),
            .many("int32_false_true", \.int32FalseTrue),
            .many("fp32_false_true", \.fp32FalseTrue),
            .many("bool_false_true", \.boolFalseTrue),
            .one("data_type", \.dataType),
        ]
    }
}

extension SequenceBatching.ControlInput: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .many("control", \.controls),
        ]
    }
}

extension SequenceBatching.InitialState: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("data_type", \.dataType),
            .many("dims", \.dims),
            .optional("zero_data", \.zeroData, choice: "state_data"),
            .optional("data_file", \.dataFile, choice: "state_data"),
            .one("name", \.name),
        ]
    }
}

extension SequenceBatching.State: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("input_name", \.inputName),
            .one("output_name", \.outputName),
            .one("data_type", \.dataType),
            .many("dims", \.dims),
            .many("initial_state", \.initialStates),
            .one("use_same_buffer_for_input_output", \.useSameBufferForInputOutput),
            .one("use_growable_memory", \.useGrowableMemory),
        ]
    }
}

extension SequenceBatching.StrategyDirect: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("max_queue_delay_microseconds", \.maxQueueDelayMicroseconds),
            .one("minimum_slot_utilization", \.minimumSlotUtilization),
        ]
    }
}

extension SequenceBatching.StrategyOldest: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("max_candidate_sequences", \.maxCandidateSequences),
            .many("preferred_batch_size", \.preferredBatchSizes),
            .one("max_queue_delay_microseconds", \.maxQueueDelayMicroseconds),
            .one("preserve_ordering", \.preserveOrdering),
        ]
    }
}

extension SequenceBatching: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .optional("direct", \.direct, choice: "strategy_choice"),
            .optional("oldest", \.oldest, choice: "strategy_choice"),
            .one("max_sequence_idle_microseconds", \.maxSequenceIdleMicroseconds),
            .many("control_input", \.controlInputs),
            .many("state", \.states),
            .one("iterative_sequence", \.isIterative),
        ]
    }
}
