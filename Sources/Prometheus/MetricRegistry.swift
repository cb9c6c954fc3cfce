import Synchronization

/// The metrics of a process, each under its name.
///
/// Source: Prometheus, "Metric names and labels".
package final class MetricRegistry: Sendable {
    private let families = Mutex<[String: any MetricFamily]>([:])

    package init() {}

    /// A number that only grows. Its name ends in `_total`.
    package func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
        family(MetricDescription(name: name, help: help, kind: .counter, labels: labels), Counter.init)
    }

    /// A number that goes up and down.
    package func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
        family(MetricDescription(name: name, help: help, kind: .gauge, labels: labels), Gauge.init)
    }

    /// How often something came out how large.
    ///
    /// - Parameter bounds: the upper ends of the buckets, ascending; what is larger has a bucket of its own.
    package func histogram(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        bounds: [Double]
    ) -> Histogram {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the buckets of \(name) do not ascend")
        return family(MetricDescription(name: name, help: help, kind: .histogram, labels: labels)) {
            Histogram($0, bounds: bounds)
        }
    }

    /// All metrics, ordered by name. Source: Prometheus, "Exposition formats", text format 0.0.4.
    package var text: String {
        var exposition = Exposition()
        let families = families.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        for family in families { family.write(to: &exposition) }
        return exposition.text
    }

    /// What ``text`` is called in a `Content-Type`.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// The metric of this name, which is one however often it is asked for.
    private func family<Family: MetricFamily>(
        _ description: MetricDescription,
        _ make: (MetricDescription) -> Family
    ) -> Family {
        families.withLock { families in
            guard let known = families[description.name] else {
                let family = make(description)
                families[description.name] = family
                return family
            }
            guard let family = known as? Family, family.description == description else {
                preconditionFailure("\(description.name) is the name of another metric")
            }
            return family
        }
    }
}
