/// A number that only grows while the process runs.
package final class Counter: MetricFamily {
    let description: MetricDescription
    private let series: SeriesTable<Double>

    init(_ description: MetricDescription) {
        self.description = description
        series = SeriesTable(description, initial: 0)
    }

    /// - Parameters:
    ///   - amount: not negative; nothing is added otherwise. With 0 the series is there from now on.
    ///   - labels: a value for each label.
    package func add(_ amount: Double, _ labels: String...) { add(amount, labels) }

    package func add(_ amount: Double, _ labels: [String]) {
        guard amount >= 0 else { return }
        series.change(labels) { $0 += amount }
    }

    func write(to exposition: inout Exposition) {
        exposition.begin(description)
        for (labels, value) in series.rows { exposition.add(description.name, labels, value) }
    }
}

/// A number that goes up and down.
package final class Gauge: MetricFamily {
    let description: MetricDescription
    private let series: SeriesTable<Double>

    init(_ description: MetricDescription) {
        self.description = description
        series = SeriesTable(description, initial: 0)
    }

    /// - Parameter labels: a value for each label.
    package func set(_ value: Double, _ labels: String...) { series.change(labels) { $0 = value } }

    func write(to exposition: inout Exposition) {
        exposition.begin(description)
        for (labels, value) in series.rows { exposition.add(description.name, labels, value) }
    }
}
