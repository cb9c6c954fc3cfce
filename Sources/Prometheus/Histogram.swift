/// How often something came out how large.
package final class Histogram: MetricFamily {
    private struct Observations: Sendable {
        /// How many fell into each bucket and no lower one; the last is for what is larger than all bounds.
        var counts: [Int]
        var sum = 0.0
    }

    /// Seconds that an answer or a short step takes.
    package static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Seconds that work takes.
    package static let workSeconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800]

    let description: MetricDescription
    private let bounds: [Double]
    private let series: SeriesTable<Observations>

    init(_ description: MetricDescription, bounds: [Double]) {
        self.description = description
        self.bounds = bounds
        series = SeriesTable(
            description,
            initial: Observations(counts: Array(repeating: 0, count: bounds.count + 1))
        )
    }

    /// - Parameter labels: a value for each label.
    package func observe(_ value: Double, _ labels: String...) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        series.change(labels) { observations in
            observations.counts[bucket] += 1
            observations.sum += value
        }
    }

    func write(to exposition: inout Exposition) {
        exposition.begin(description)
        for (labels, observations) in series.rows {
            var count = 0
            for (bound, added) in zip(bounds + [.infinity], observations.counts) {
                count += added
                let le = ("le", Exposition.number(bound))
                exposition.add("\(description.name)_bucket", labels + [le], Double(count))
            }
            exposition.add("\(description.name)_sum", labels, observations.sum)
            exposition.add("\(description.name)_count", labels, Double(count))
        }
    }
}
