/// Requests that come together are answered together.
package struct DynamicBatching: Sendable, Hashable {
    package var preferredBatchSizes: [Int32] = []
    package var maxQueueDelayMicroseconds: UInt64 = 0
    package var preserveOrdering = false
    package var priorityLevels: UInt64 = 0
    package var defaultPriorityLevel: UInt64 = 0
    package var defaultQueuePolicy: QueuePolicy?
    /// By level, from 1, the most urgent.
    package var priorityQueuePolicies: [UInt64: QueuePolicy] = [:]

    package init() {}
}

extension DynamicBatching: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .many("preferred_batch_size", \.preferredBatchSizes),
            .one("max_queue_delay_microseconds", \.maxQueueDelayMicroseconds),
            .one("preserve_ordering", \.preserveOrdering),
            .one("priority_levels", \.priorityLevels),
            .one("default_priority_level", \.defaultPriorityLevel),
            .optional("default_queue_policy", \.defaultQueuePolicy),
            .map("priority_queue_policy", \.priorityQueuePolicies) { (0, QueuePolicy()) },
        ]
    }
}

/// What becomes of requests that wait.
package struct QueuePolicy: Sendable, Hashable {
    package enum TimeoutAction: String, Sendable, Hashable, CaseIterable {
        case reject = "REJECT"
        case delay = "DELAY"
    }

    package var timeoutAction = TimeoutAction.reject
    /// 0 for none.
    package var defaultTimeoutMicroseconds: UInt64 = 0
    package var allowTimeoutOverride = false
    /// 0 for any.
    package var maxQueueSize: UInt32 = 0

    package init() {}
}

extension QueuePolicy.TimeoutAction: TextEnumeration {}

extension QueuePolicy: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("timeout_action", \.timeoutAction),
            .one("default_timeout_microseconds", \.defaultTimeoutMicroseconds),
            .one("allow_timeout_override", \.allowTimeoutOverride),
            .one("max_queue_size", \.maxQueueSize),
        ]
    }
}
