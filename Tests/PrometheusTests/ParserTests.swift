import FoundationEssentials
import JSON
import Subprocess
import SystemPackage
import Testing

@testable import Prometheus

/// What Prometheus's own library for Python reads out of our text.
@Suite struct ParserTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// Fails for what is not well formed, for buckets that do not add up, and for names and types that do not fit.
    private static let program = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families
        families = list(text_string_to_metric_families(sys.stdin.read()))
        print(json.dumps([
            {"name": f.name, "type": f.type, "help": f.documentation,
             "samples": [[s.name, s.labels, s.value] for s in f.samples]}
            for f in families
        ]))
        """

    private static func parsed(_ text: String) async throws -> JSONValue {
        let environment = Environment.inherit.updating(["PATH": "\(root)/.tools/bin:/usr/local/bin:/usr/bin:/bin"])
        let python = try await run(
            .path(root.appending("scripts/python-environment")),
            arguments: ["prometheus-tests", "\(root)/Tests/PrometheusTests/requirements.txt"],
            environment: environment,
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        let path = python.standardOutput.split(separator: "\n").last.map(String.init) ?? ""
        try #require(python.terminationStatus.isSuccess, "\(python.standardError)")
        let result = try await run(
            .path(FilePath(path)),
            arguments: ["-c", program],
            input: .string(text),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 16)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return try JSONDecoder().decode(JSONValue.self, from: Data(result.standardOutput.utf8))
    }

    @Test func pythonReadsWhatWasCounted() async throws {
        let registry = MetricRegistry()
        let label = "a \\ \"b\"\nc, {d} é"
        registry.counter("jobs_total", "Jobs: a \\ and\na line.", labels: ["route"]).add(3, label)
        registry.gauge("depth", "Depth.").set(-0.25)
        let seconds = registry.histogram("seconds", "Seconds.", labels: ["step"], bounds: [0.1, 1])
        for value in [0.05, 0.5, 5] { seconds.observe(value, "push") }
        let families = try await Self.parsed(registry.text).arrayValue ?? []
        #expect(families.map { $0["name"]?.stringValue } == ["depth", "jobs", "seconds"])
        #expect(families.map { $0["type"]?.stringValue } == ["gauge", "counter", "histogram"])
        #expect(families[0]["samples"]?[0]?[2]?.double == -0.25)
        #expect(families[1]["help"]?.stringValue == "Jobs: a \\ and\na line.")
        #expect(families[1]["samples"]?[0]?[1]?["route"]?.stringValue == label)
        let buckets = families[2]["samples"]?.arrayValue?.map { ($0[1]?["le"]?.stringValue, $0[2]?.double) } ?? []
        #expect(buckets.map(\.0) == ["0.1", "1", "+Inf", nil, nil])
        #expect(buckets.map(\.1) == [1, 2, 3, 5.55, 3])
    }
}

extension JSONValue {
    fileprivate var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}
