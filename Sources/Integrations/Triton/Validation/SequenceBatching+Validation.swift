extension SequenceBatching {
    func validate(for model: ModelConfiguration) throws {
        func refusal(_ reason: String) -> TritonError { ModelConfiguration.refusal("\(reason) for \(model.name)") }
        var names: Set<String> = []
        for input in controlInputs {
            guard !input.name.isEmpty else { throw refusal("sequence batching control tensor must have a name") }
            guard names.insert(input.name).inserted else {
                throw refusal(
                    "sequence batching control tensor '\(input.name)' is specified for multiple control kinds"
                )
            }
        }
        let controls = controlInputs.flatMap(\.controls)
        for kind in Control.Kind.allCases {
            let ofKind = controls.filter { $0.kind == kind }
            guard ofKind.count <= 1 else {
                throw refusal("sequence batching specifies multiple \(kind.rawValue) tensors")
            }
            if let control = ofKind.first { try control.validate(for: model) }
        }
        for size in oldest?.preferredBatchSizes ?? [] {
            guard size > 0 else { throw refusal("sequence batching preferred batch size must be positive") }
            guard size <= model.maxBatchSize else {
                throw refusal("sequence batching preferred batch size must be <= max batch size")
            }
        }
        guard direct.map({ (0...1).contains($0.minimumSlotUtilization) }) ?? true else {
            throw refusal("sequence batching minimum slot utilization must be in range (0.0, 1.0]")
        }
    }
}

extension SequenceBatching.Control {
    fileprivate func validate(for model: ModelConfiguration) throws {
        func refusal(_ reason: String) -> TritonError {
            ModelConfiguration.refusal("\(reason) for \(kind.rawValue) for \(model.name)")
        }
        let given = [
            ("int32_false_true", int32FalseTrue.count), ("fp32_false_true", fp32FalseTrue.count),
            ("bool_false_true", boolFalseTrue.count),
        ].filter { $0.1 > 0 }
        let choices = "'int32_false_true', 'fp32_false_true' or 'bool_false_true'"
        if kind == .correlationID {
            guard given.isEmpty else { throw refusal("sequence batching must not specify either \(choices)") }
            guard [.uint64, .int64, .uint32, .int32, .string].contains(dataType) else {
                throw ModelConfiguration.refusal(
                    "unexpected data type for control \(kind.rawValue) for \(model.name). Allowed data types are "
                        + "TYPE_UINT64, TYPE_INT64, TYPE_UINT32, TYPE_INT32 and TYPE_STRING"
                )
            }
            return
        }
        guard let (name, count) = given.first else {
            throw refusal("sequence batching must specify either \(choices)")
        }
        guard given.count == 1 else { throw refusal("sequence batching specifies more than one from \(choices)") }
        guard count == 2 else { throw refusal("sequence batching control '\(name)' must have exactly 2 entries") }
    }
}
