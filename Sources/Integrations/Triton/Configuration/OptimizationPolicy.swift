/// How a backend prepares the model.
package struct OptimizationPolicy: Sendable, Hashable {
    package enum Priority: String, Sendable, Hashable, CaseIterable {
        case `default` = "PRIORITY_DEFAULT"
        case max = "PRIORITY_MAX"
        case min = "PRIORITY_MIN"
    }

    package struct Graph: Sendable, Hashable {
        package var level: Int32 = 0

        package init() {}
    }

    package struct CUDA: Sendable, Hashable {
        package struct GraphSpec: Sendable, Hashable {
            package struct Shape: Sendable, Hashable {
                package var dims: [Int64] = []

                package init() {}
            }

            package struct LowerBound: Sendable, Hashable {
                package var batchSize: Int32 = 0
                package var inputs: [String: Shape] = [:]

                package init() {}
            }

            package var batchSize: Int32 = 0
            package var inputs: [String: Shape] = [:]
            package var graphLowerBound: LowerBound?

            package init() {}
        }

        package var graphs = false
        package var busyWaitEvents = false
        package var graphSpecs: [GraphSpec] = []
        package var outputCopyStream = false

        package init() {}
    }

    package struct ExecutionAccelerators: Sendable, Hashable {
        package struct Accelerator: Sendable, Hashable {
            package var name = ""
            package var parameters: [String: String] = [:]

            package init() {}
        }

        package var gpu: [Accelerator] = []
        package var cpu: [Accelerator] = []

        package init() {}
    }

    package struct PinnedMemoryBuffer: Sendable, Hashable {
        package var isEnabled = false

        package init() {}
    }

    package var graph: Graph?
    package var priority = Priority.default
    package var cuda: CUDA?
    package var executionAccelerators: ExecutionAccelerators?
    package var inputPinnedMemory: PinnedMemoryBuffer?
    package var outputPinnedMemory: PinnedMemoryBuffer?
    package var gatherKernelBufferThreshold: UInt32 = 0
    package var eagerBatching = false

    package init() {}
}

extension OptimizationPolicy.Priority: TextEnumeration {}

extension OptimizationPolicy.Graph: TextMessage {
    static var fields: [MessageField<Self>] { [.one("level", \.level)] }
}

extension OptimizationPolicy.CUDA.GraphSpec.Shape: TextMessage {
    static var fields: [MessageField<Self>] { [.many("dim", \.dims)] }
}

extension OptimizationPolicy.CUDA.GraphSpec.LowerBound: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("batch_size", \.batchSize),
            .messages("input", \.inputs),
        ]
    }
}

extension OptimizationPolicy.CUDA.GraphSpec: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("batch_size", \.batchSize),
            .messages("input", \.inputs),
            .optional("graph_lower_bound", \.graphLowerBound),
        ]
    }
}

extension OptimizationPolicy.CUDA: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("graphs", \.graphs),
            .one("busy_wait_events", \.busyWaitEvents),
            .many("graph_spec", \.graphSpecs),
            .one("output_copy_stream", \.outputCopyStream),
        ]
    }
}

extension OptimizationPolicy.ExecutionAccelerators.Accelerator: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .texts("parameters", \.parameters),
        ]
    }
}

extension OptimizationPolicy.ExecutionAccelerators: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .many("gpu_execution_accelerator", \.gpu),
            .many("cpu_execution_accelerator", \.cpu),
        ]
    }
}

extension OptimizationPolicy.PinnedMemoryBuffer: TextMessage {
    static var fields: [MessageField<Self>] { [.one("enable", \.isEnabled)] }
}

extension OptimizationPolicy: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .optional("graph", \.graph),
            .one("priority", \.priority),
            .optional("cuda", \.cuda),
            .optional("execution_accelerators", \.executionAccelerators),
            .optional("input_pinned_memory", \.inputPinnedMemory),
            .optional("output_pinned_memory", \.outputPinnedMemory),
            .one("gather_kernel_buffer_threshold", \.gatherKernelBufferThreshold),
            .one("eager_batching", \.eagerBatching),
        ]
    }
}
