import Testing

@testable import Prometheus

@Suite struct ExpositionTests {
    @Test func metricsAreOrderedWithTheirHelpAndType() {
        let registry = MetricRegistry()
        registry.gauge("b", "Second.").set(-1.5)
        let requests = registry.counter("a_total", "First: a \\ and\na line.", labels: ["route", "status"])
        requests.add(2, "/packaging/{id}", "200")
        requests.add(1, "/packaging/{id}", "200")
        requests.add(1, "say \"\\\"\r\n", "404")
        requests.add(-1, "/packaging/{id}", "200")
        _ = registry.counter("c_total", "Never counted.")
        #expect(
            registry.text == """
                # HELP a_total First: a \\\\ and\\na line.
                # TYPE a_total counter
                a_total{route="/packaging/{id}",status="200"} 3
                a_total{route="say \\"\\\\\\"\r\\n",status="404"} 1
                # HELP b Second.
                # TYPE b gauge
                b -1.5
                # HELP c_total Never counted.
                # TYPE c_total counter
                c_total 0

                """
        )
    }

    @Test func bucketsAreCumulative() {
        let registry = MetricRegistry()
        let seconds = registry.histogram("step_seconds", "Seconds.", labels: ["step"], bounds: [0.5, 1, 10])
        for value in [0.25, 0.5, 0.75, 100] { seconds.observe(value, "push") }
        #expect(
            registry.text == """
                # HELP step_seconds Seconds.
                # TYPE step_seconds histogram
                step_seconds_bucket{step="push",le="0.5"} 2
                step_seconds_bucket{step="push",le="1"} 3
                step_seconds_bucket{step="push",le="10"} 3
                step_seconds_bucket{step="push",le="+Inf"} 4
                step_seconds_sum{step="push"} 101.5
                step_seconds_count{step="push"} 4

                """
        )
    }

    @Test(
        arguments: [
            (0, "0"), (-3, "-3"), (0.1, "0.1"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"),
            (.nan, "NaN"),
            (123_456_789_012, "123456789012"),
        ] as [(Double, String)]
    )
    func numbersAreAsGoReadsThem(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }

    /// A label that grows without bound is a mistake that must not become whoever collects the metrics' trouble.
    @Test func thereIsALimitToSeries() {
        let registry = MetricRegistry()
        let counter = registry.counter("a_total", "", labels: ["id"])
        for number in 0..<1500 { counter.add(1, "\(number)") }
        counter.add(1, "7")
        let lines = registry.text.split(separator: "\n").dropFirst(2)
        #expect(lines.count == 1001)
        #expect(lines.contains(#"a_total{id="other"} 500"#) && lines.contains(#"a_total{id="7"} 2"#))
    }

    @Test func oneNameIsOneMetricAndManyTasksCount() async {
        let registry = MetricRegistry()
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { registry.counter("a_total", "A.", labels: ["x"]).add(1, "y") }
                }
            }
        }
        #expect(registry.text.contains(#"a_total{x="y"} 8000"#))
    }
}
