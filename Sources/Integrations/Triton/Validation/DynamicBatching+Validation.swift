extension DynamicBatching {
    func validate(for model: ModelConfiguration) throws {
        func refusal(_ reason: String) -> TritonError { ModelConfiguration.refusal("\(reason) for \(model.name)") }
        for size in preferredBatchSizes {
            guard size > 0 else { throw refusal("dynamic batching preferred size must be positive") }
            guard size <= model.maxBatchSize else {
                throw refusal("dynamic batching preferred size must be <= max batch size")
            }
        }
        if priorityLevels > 0 {
            guard (1...priorityLevels).contains(defaultPriorityLevel) else {
                throw refusal("default priority level must be in range [1, \(priorityLevels)]")
            }
            guard priorityQueuePolicies.keys.allSatisfy((1...priorityLevels).contains) else {
                throw refusal("priority queue policy must have priority level in range [1, \(priorityLevels)]")
            }
        }
        guard preserveOrdering else { return }
        guard priorityLevels <= 1 else {
            throw refusal("Only one priority level is allowed when 'preserve_ordering' is true")
        }
        let policies = [defaultQueuePolicy].compactMap(\.self) + priorityQueuePolicies.values
        guard !policies.contains(where: { $0.defaultTimeoutMicroseconds != 0 && $0.timeoutAction == .delay }) else {
            throw refusal("Queue policy can not have DELAY as timeout action when 'preserve_ordering' is true")
        }
    }
}
