import ArgumentParser
import FoundationEssentials
import JSON
import Logging
import Synchronization
import Testing

@testable import PackagerCLI

/// The server's log as JSON.
@Suite struct JSONLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func line(_ log: (Logger) -> Void) throws -> (String, JSONValue) {
        let lines = Lines()
        let logger = Logger(label: "packager.worker") { label in
            JSONLogHandler(label: label) { line in lines.all.withLock { $0.append(line) } }
        }
        log(logger)
        let written = lines.all.withLock(\.self)
        try #require(written.count == 1)
        return (written[0], try JSONDecoder().decode(JSONValue.self, from: Data(written[0].utf8)))
    }

    @Test func aLineIsAnObject() throws {
        let (text, object) = try line { logger in
            var logger = logger
            logger[metadataKey: "request"] = "r1"
            logger[metadataKey: "packaging"] = "wine"
            logger.warning(
                "two \"lines\"\nof it",
                metadata: [
                    "ms": .stringConvertible(1.5), "count": .stringConvertible(3), "list": ["a", ["b": "c"]],
                    "message": "of the metadata", "nan": .stringConvertible(Double.nan),
                ]
            )
        }
        #expect(!text.contains("\n") && text.hasPrefix(#"{"time":"20"#))
        #expect(object["level"] == "warning" && object["logger"] == "packager.worker")
        #expect(object["message"] == "two \"lines\"\nof it")
        #expect(object["request"] == "r1" && object["packaging"] == "wine")
        #expect(object["ms"] == .number(1.5) && object["count"] == 3 && object["nan"] == .null)
        #expect(object["list"] == ["a", ["b": "c"]])
        #expect(object["time"]?.stringValue?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }

    @Test func linesBelowTheLevelAreLeftOut() {
        let lines = Lines()
        let logger = Logger(label: "x") { label in
            JSONLogHandler(label: label) { line in lines.all.withLock { $0.append(line) } }
        }
        logger.debug("not this")
        let written = lines.all.withLock(\.self)
        #expect(written.isEmpty)
    }

    @Test(arguments: [("text", LogFormat.text), ("json", .json), ("xml", nil)])
    func formatsHaveNames(name: String, format: LogFormat?) {
        #expect(LogFormat(argument: name) == format)
    }
}
