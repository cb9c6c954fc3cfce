/// A text for each top-level field of a configuration, in the writer's own form but for white space, that together set
/// every field of the schema.
enum TextFields {
    static let all = [
        #"name: "m""#, #"platform: "p""#, #"backend: "b""#, #"runtime: "r""#,
        "version_policy { latest { num_versions: 2 } }", "version_policy { all { } }",
        "version_policy { specific { versions: [1, 3] } }",
        "max_batch_size: 8",
        """
        input { name: "i" data_type: TYPE_FP16 format: FORMAT_NCHW dims: [3, -1, 4] reshape { shape: [12] } \
        is_shape_tensor: true allow_ragged_batch: true optional: true is_non_linear_format_io: true }
        """,
        """
        output { name: "o" data_type: TYPE_BF16 dims: [1] reshape { } label_filename: "l" is_shape_tensor: true \
        is_non_linear_format_io: true }
        """,
        #"batch_input { kind: BATCH_ITEM_SHAPE target_name: ["t"] data_type: TYPE_INT32 source_input: ["i"] }"#,
        #"batch_output { target_name: ["o"] source_input: ["i"] }"#,
        """
        optimization { graph { level: -1 } priority: PRIORITY_MAX cuda { graphs: true busy_wait_events: true \
        graph_spec { batch_size: 1 input { key: "i" value { dim: [4] } } graph_lower_bound { batch_size: 1 \
        input { key: "i" value { dim: [2] } } } } output_copy_stream: true } execution_accelerators { \
        gpu_execution_accelerator { name: "tensorrt" parameters { key: "precision_mode" value: "FP16" } } \
        cpu_execution_accelerator { name: "openvino" } } input_pinned_memory { enable: true } \
        output_pinned_memory { } gather_kernel_buffer_threshold: 2 eager_batching: true }
        """,
        """
        dynamic_batching { preferred_batch_size: [2, 4] max_queue_delay_microseconds: 18446744073709551615 \
        preserve_ordering: true priority_levels: 2 default_priority_level: 1 default_queue_policy { \
        timeout_action: DELAY default_timeout_microseconds: 1 allow_timeout_override: true max_queue_size: 3 } \
        priority_queue_policy { key: 1 value { max_queue_size: 9 } } }
        """,
        """
        sequence_batching { direct { max_queue_delay_microseconds: 1 minimum_slot_utilization: 0.5 } \
        max_sequence_idle_microseconds: 5 control_input { name: "c" control { kind: CONTROL_SEQUENCE_END \
        int32_false_true: [0, 1] fp32_false_true: [0.0, 1.0] bool_false_true: [false, true] \
        data_type: TYPE_UINT64 } } state { input_name: "a" output_name: "b" data_type: TYPE_INT8 dims: [1] \
        initial_state { data_type: TYPE_INT8 dims: [1] zero_data: true name: "z" } \
        use_same_buffer_for_input_output: true use_growable_memory: true } iterative_sequence: true }
        """,
        """
        sequence_batching { oldest { max_candidate_sequences: 4 preferred_batch_size: [2] \
        max_queue_delay_microseconds: 7 preserve_ordering: true } state { initial_state { data_file: "f" } } }
        """,
        """
        ensemble_scheduling { step { model_name: "x" model_version: -1 input_map { key: "a" value: "b" } \
        output_map { key: "c" value: "d" } model_namespace: "n" } max_inflight_responses: 2 }
        """,
        """
        instance_group { name: "g" kind: KIND_GPU count: 2 rate_limiter { resources { name: "r" global: true \
        count: 1 } priority: 2 } gpus: [0, 1] secondary_devices { device_id: 3 } profile: ["0"] passive: true \
        host_policy: "gpu_0" }
        """,
        #"default_model_filename: "f""#, #"cc_model_filenames { key: "8.0" value: "f" }"#,
        #"metric_tags { key: "k" value: "v" }"#,
        #"parameters { key: "a" value { string_value: "1" } } parameters { key: "b" value { } }"#,
        """
        model_warmup { name: "w" batch_size: 1 inputs { key: "i" value { data_type: TYPE_FP32 dims: [4] \
        zero_data: false } } count: 2 }
        """,
        #"model_warmup { inputs { key: "i" value { input_data_file: "f" } } }"#,
        #"model_operations { op_library_filename: ["l.so"] }"#, "model_transaction_policy { decoupled: true }",
        #"model_repository_agents { agents { name: "a" parameters { key: "k" value: "v" } } }"#,
        "response_cache { enable: true }",
        """
        model_metrics { metric_control { metric_identifier { family: "f" } \
        histogram_options { buckets: [-1.5, 2.0] } } }
        """,
    ]

    /// The texts of some fields.
    static func filled(_ names: [String]) -> [String] {
        all.filter { text in names.contains { text.hasPrefix($0 + ":") || text.hasPrefix($0 + " ") } }
    }
}
