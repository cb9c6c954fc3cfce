extension EnsembleScheduling {
    /// The rules of `ValidateEnsembleSchedulingConfig`: tensors must flow from the inputs to the outputs.
    func validate(for model: ModelConfiguration) throws {
        func refusal(_ reason: String) -> TritonError { ModelConfiguration.refusal(reason) }
        let ensemble = "ensemble '\(model.name)'"
        guard model.platform == ModelConfiguration.ensemblePlatform else {
            throw refusal(
                "ensemble scheduling cannot be set for model '\(model.name)' whose platform is not ensemble"
            )
        }
        guard model.instanceGroups.isEmpty else {
            throw refusal("instance group should not be specified for \(ensemble)")
        }
        guard model.optimization == nil else { throw refusal("optimization should not be specified for \(ensemble)") }
        guard model.warmups.isEmpty else { throw refusal("model_warmup can not be specified for \(ensemble)") }
        guard !steps.isEmpty else { throw refusal("must specify 'step' for \(ensemble)") }
        var written: Set<String> = []
        for (index, step) in steps.enumerated() {
            for (field, isMissing) in [
                ("model_name", step.modelName.isEmpty), ("input_map", step.inputMap.isEmpty),
                ("output_map", step.outputMap.isEmpty),
            ] where isMissing {
                throw refusal("must specify '\(field)' in step \(index) of \(ensemble)")
            }
            for tensor in step.outputMap.values.sorted() {
                guard written.insert(tensor).inserted else {
                    throw refusal(
                        "ensemble tensor '\(tensor)' can appear in an output map only once for \(ensemble) step \(index)"
                    )
                }
            }
        }
        try validateFlow(of: model, ensemble)
    }

    private func validateFlow(of model: ModelConfiguration, _ ensemble: String) throws {
        let read = Set(steps.flatMap(\.inputMap.values))
        let written = Set(steps.flatMap(\.outputMap.values))
        for input in model.inputs where !read.contains(input.name) && !written.contains(input.name) {
            throw ModelConfiguration.refusal("ensemble input '\(input.name)' for \(ensemble) is not used")
        }
        var ready = Set(model.inputs.map(\.name))
        var waiting = steps
        while true {
            let runnable = waiting.filter { ready.isSuperset(of: $0.inputMap.values) }
            if runnable.isEmpty { break }
            ready.formUnion(runnable.flatMap(\.outputMap.values))
            waiting.removeAll { ready.isSuperset(of: $0.inputMap.values) && ready.isSuperset(of: $0.outputMap.values) }
        }
        for output in model.outputs {
            guard read.contains(output.name) || written.contains(output.name) else {
                throw ModelConfiguration.refusal("ensemble output '\(output.name)' for \(ensemble) is not used")
            }
            guard ready.contains(output.name) else {
                throw ModelConfiguration.refusal("output '\(output.name)' for \(ensemble) is not written")
            }
        }
        let outputs = Set(model.outputs.map(\.name))
        for tensor in read.union(written).subtracting(outputs).sorted()
        where !ready.contains(tensor) || !read.contains(tensor) {
            throw ModelConfiguration.refusal("ensemble tensor '\(tensor)' is unused in \(ensemble)")
        }
    }
}
