import JSON
import Testing

@testable import PackagerCLI

@Suite("Tables")
struct TableTests {
    @Test func `Columns are as wide as their widest cell, and lines end without blanks`() {
        let table = Table(
            columns: [
                .init("ID") { $0["id"]?.stringValue },
                .init("STATE") { $0["state"]?.stringValue },
            ],
            rows: [["id": "wine-quality", "state": "failed"], ["id": "ä"]]
        )
        #expect(
            table.text == """
                ID            STATE
                wine-quality  failed
                ä             -
                """
        )
    }

    @Test(arguments: [
        (Int64(0), "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_250_000, "1.3 MB"), (86_800_000_000, "86.8 GB"),
    ])
    func `Sizes are in powers of 1000`(bytes: Int64, expected: String) {
        #expect(bytes.humanSize == expected)
    }
}
