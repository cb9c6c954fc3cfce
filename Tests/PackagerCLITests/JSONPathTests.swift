import JSON
import Testing

@testable import PackagerCLI

@Suite("JSONPath")
struct JSONPathTests {
    private let document: JSONValue = [
        [
            "id": "wine",
            "status": ["state": "succeeded", "results": [["name": "image", "value": "wine:1"], ["name": "digest"]]],
        ],
        ["id": "other", "status": ["state": "failed", "results": []]],
    ]

    @Test(arguments: [
        ("$[0].status.results[0].value", "wine:1"),
        ("[*].id", #"["wine","other"]"#),
        ("$[*].status.state", #"["succeeded","failed"]"#),
        ("$[-1].id", "other"),
        ("$[0]['id']", "wine"),
        (#"$[0]["status"]["state"]"#, "succeeded"),
        ("$..value", "wine:1"),
        ("$..name", #"["image","digest"]"#),
        ("$[0].status.results[0]", #"{"name":"image","value":"wine:1"}"#),
        ("$[7].id", "[]"),
        ("$[0].nothing", "[]"),
        ("$[1].status.*", #"[[],"failed"]"#),
    ])
    func `One match is printed bare, others as a list`(path: String, expected: String) throws {
        let path = try #require(JSONPath(path))
        #expect(try path.render(document) == expected)
    }

    @Test(arguments: ["$[", "$[x]", "$.", "$..", "$[0]id", "$['a]"])
    func `What is no path is refused`(text: String) {
        #expect(JSONPath(text) == nil)
    }
}
