/// Libraries with operators of the model's own.
package struct ModelOperations: Sendable, Hashable {
    package var libraryFilenames: [String] = []

    package init() {}
}

extension ModelOperations: TextMessage {
    static var fields: [MessageField<Self>] { [.many("op_library_filename", \.libraryFilenames)] }
}

/// Whether a request can have any number of answers.
package struct TransactionPolicy: Sendable, Hashable {
    package var isDecoupled = false

    package init() {}
}

extension TransactionPolicy: TextMessage {
    static var fields: [MessageField<Self>] { [.one("decoupled", \.isDecoupled)] }
}

/// Agents that act on the repository when the model is loaded.
package struct RepositoryAgents: Sendable, Hashable {
    package struct Agent: Sendable, Hashable {
        package var name = ""
        package var parameters: [String: String] = [:]

        package init() {}
    }

    package var agents: [Agent] = []

    package init() {}
}

extension RepositoryAgents.Agent: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .texts("parameters", \.parameters),
        ]
    }
}

extension RepositoryAgents: TextMessage {
    static var fields: [MessageField<Self>] { [.many("agents", \.agents)] }
}

/// Whether equal requests are answered from the server's cache.
package struct ResponseCache: Sendable, Hashable {
    package var isEnabled = false

    package init() {}
}

extension ResponseCache: TextMessage {
    static var fields: [MessageField<Self>] { [.one("enable", \.isEnabled)] }
}

/// Histograms of the model with boundaries of its own.
package struct ModelMetrics: Sendable, Hashable {
    package struct MetricControl: Sendable, Hashable {
        package struct MetricIdentifier: Sendable, Hashable {
            package var family = ""

            package init() {}
        }

        package struct HistogramOptions: Sendable, Hashable {
            package var buckets: [Double] = []

            package init() {}
        }

        package var identifier: MetricIdentifier?
        package var histogramOptions: HistogramOptions?

        package init() {}
    }

    package var metricControls: [MetricControl] = []

    package init() {}
}

extension ModelMetrics.MetricControl.MetricIdentifier: TextMessage {
    static var fields: [MessageField<Self>] { [.one("family", \.family)] }
}

extension ModelMetrics.MetricControl.HistogramOptions: TextMessage {
    static var fields: [MessageField<Self>] { [.many("buckets", \.buckets)] }
}

extension ModelMetrics.MetricControl: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .optional("metric_identifier", \.identifier),
            .optional("histogram_options", \.histogramOptions, choice: "metric_options"),
        ]
    }
}

extension ModelMetrics: TextMessage {
    static var fields: [MessageField<Self>] { [.many("metric_control", \.metricControls)] }
}
