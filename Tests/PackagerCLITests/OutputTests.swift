import JSON
import Testing

@testable import PackagerCLI

@Suite struct OutputTests {
    private let entities: [JSONValue] = [
        ["id": "wine", "kind": "ModelPackaging", "status": ["state": "failed", "results": nil]], ["id": "beer"],
    ]

    @Test(arguments: [
        ("name", "wine\nbeer"),
        ("json", #"[{"id":"wine","kind":"ModelPackaging","status":{"results":null,"state":"failed"}},{"id":"beer"}]"#),
        ("jsonpath=$[0].status.state", "failed"),
        ("jsonpath=[*].id", #"["wine","beer"]"#),
        ("yaml", "- id: wine\n  kind: ModelPackaging\n  status:\n    results: null\n    state: failed\n- id: beer"),
    ])
    func formats(argument: String, text: String) throws {
        let format = try #require(OutputFormat(argument: argument))
        #expect(try format.render(entities, columns: []) == text)
    }

    @Test func tablesOfEveryKind() throws {
        let packaging: JSONValue = [
            "id": "wine", "spec": ["integrationName": "docker-rest", "artifactName": "w.zip"],
            "status": ["state": "succeeded", "results": [["name": "image", "value": "w:1"]]],
        ]
        #expect(
            try OutputFormat.table.render([packaging], columns: PackagingKind.columns) == """
                ID    STATE      INTEGRATION  ARTIFACT  IMAGE  UPDATED
                wine  succeeded  docker-rest  w.zip     w:1    -
                """
        )
        let integration: JSONValue = [
            "id": "a", "spec": ["schema": ["targets": [["name": "x"], ["name": "y"]], "arguments": nil]],
        ]
        #expect(
            try OutputFormat.table.render([integration], columns: IntegrationKind.columns) == """
                ID  ENTRYPOINT  IMAGE  TARGETS  ARGUMENTS
                a   -           -      x, y     -
                """
        )
    }

    @Test(arguments: [
        (ProgressLine(title: "a", done: 0, total: 10, seconds: 0), "a  0%  0 B of 10 B"),
        (ProgressLine(title: "a", done: 500_000, total: 1_000_000, seconds: 0.1), "a  50%  500.0 kB of 1.0 MB"),
        (
            ProgressLine(title: "a", done: 500_000, total: 1_000_000, seconds: 2),
            "a  50%  500.0 kB of 1.0 MB  250.0 kB/s  2 s left"
        ),
        (ProgressLine(title: "a", done: 1000, total: nil, seconds: 1), "a  1.0 kB  1.0 kB/s"),
        (ProgressLine(title: "a", done: 10, total: 10, seconds: 1), "a  100%  10 B of 10 B  10 B/s"),
        (
            ProgressLine(title: "a", done: 1, total: .max, seconds: 1e6),
            "a  0%  1 B of 9223372036.9 GB  0 B/s  long left"
        ),
    ])
    func progress(line: ProgressLine, text: String) { #expect(line.text == text) }

    @Test func progressOfAPackaging() {
        var counts = ProgressCounts()
        #expect(counts.packagingText(seconds: 0.2) == "packaging, 0 s")
        (counts.received, counts.toReceive) = (1_000_000, 4_000_000)
        counts.layers = 2_000_000
        #expect(
            counts.packagingText(seconds: 2)
                == "packaging, 2 s; received  25%  1.0 MB of 4.0 MB  500.0 kB/s  6 s left; layers  2.0 MB  1.0 MB/s"
        )
        // More than was announced: not all that is sent has a length.
        (counts.sent, counts.toSend) = (3000, 2000)
        #expect(counts.packagingText(seconds: 2).hasSuffix("; sent  3.0 kB  1.5 kB/s"))
    }

    @Test(arguments: [(0.2, "1 s"), (59.5, "1 min 0 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (.infinity, "long")])
    func durations(seconds: Double, text: String) { #expect(seconds.humanDuration == text) }

    @Test(
        arguments: [
            (true, [:], true, true), (true, ["NO_COLOR": "1"], true, false), (true, ["NO_COLOR": ""], true, true),
            (true, ["TERM": "dumb"], false, false), (false, [:], false, false),
        ] as [(Bool, [String: String], Bool, Bool)]
    )
    func terminals(isTerminal: Bool, environment: [String: String], isInteractive: Bool, hasColor: Bool) {
        let terminal = Terminal(isTerminal: isTerminal, columns: 80, environment: environment)
        #expect(terminal.isInteractive == isInteractive && terminal.hasColor == hasColor)
        #expect(terminal.styled("x", .red) == (hasColor ? "\u{1B}[31mx\u{1B}[0m" : "x"))
    }

    @Test(
        arguments: [
            ("creat", "create"), ("CREATE", nil), ("pakc", "pack"), ("xyz", nil), ("", nil), ("logsfollow", nil),
        ] as [(String, String?)]
    )
    func spelling(word: String, meant: String?) {
        #expect(Spelling.closest(to: word, among: ["create", "pack", "logs"]) == meant)
    }
}
